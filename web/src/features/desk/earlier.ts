import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { Entry } from "@/api/types";

/** So many entries are drawn at first, and so many more at a time: with five hundred one would wait for what nobody looks at. */
const few = 12;
const some = 24;

const wanted = "switchboard:entry";

/**
 * The newest entries of a timeline, and the way to earlier ones: they are added as one scrolls up to them, or `all` at
 * once. `top` belongs at the first that is drawn, `hidden` is how many stand before it.
 */
export function useEarlier(timeline: Entry[]) {
  const [hidden, setHidden] = useState(() => Math.max(0, timeline.length - few));
  const top = useRef<HTMLLIElement>(null);
  const all = useCallback(() => setHidden(0), []);

  useEffect(() => {
    const mark = top.current;
    if (!mark || typeof IntersectionObserver === "undefined") {
      return undefined;
    }
    // Keeps ahead of who scrolls up. Begun anew after each step: what is still near the top is told of once more.
    const watch = new IntersectionObserver(
      (seen) => seen.some((s) => s.isIntersecting) && setHidden((n) => Math.max(0, n - some)),
      {
        root: mark.closest("[data-timeline]"),
        rootMargin: "400px 0px 0px 0px",
      },
    );
    watch.observe(mark);
    return () => watch.disconnect();
  }, [hidden]);

  useEffect(() => {
    // Hears of an entry that somebody wants to see, and draws as much as it takes.
    const show = (event: Event) => {
      const at = timeline.findIndex((e) => e.id === (event as CustomEvent<string>).detail);
      if (at >= 0) {
        flushSync(() => setHidden((n) => Math.min(n, Math.max(0, at - 5))));
      }
    };
    window.addEventListener(wanted, show);
    return () => window.removeEventListener(wanted, show);
  }, [timeline]);

  useStill(hidden);
  return { hidden, all, top };
}

/** Keeps what one reads where it is while something is put above it, where the browser does not do so by itself. */
function useStill(hidden: number) {
  const was = useRef({ hidden, height: 0 });
  useLayoutEffect(() => {
    const box = document.querySelector("[data-timeline]");
    if (!box || globalThis.CSS?.supports?.("overflow-anchor", "auto")) {
      return;
    }
    if (hidden < was.current.hidden) {
      box.scrollTop += box.scrollHeight - was.current.height;
    }
    was.current = { hidden, height: box.scrollHeight };
  });
}

/** Brings a message of the open conversation into sight. */
export function showMessage(id: string): void {
  window.dispatchEvent(new CustomEvent(wanted, { detail: id }));
  const message = document.getElementById(`entry-${id}`);
  message?.scrollIntoView({ block: "center" });
  message?.focus();
}
