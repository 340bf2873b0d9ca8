import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { caps } from "@/lib/actions";
import { learn, say, type Word } from "@/lib/words";
import { tourWords } from "@/lib/words/tour";
import styles from "./Tour.module.css";

learn(tourWords);

interface Step {
  name: "views" | "row" | "why" | "composer" | "palette";
  /** What it is about, wherever on the screen that is; a narrow screen may show none of it. */
  at: string;
  /** Whether a conversation must be open for it. */
  open?: boolean;
}

const steps: Step[] = [
  { name: "views", at: '[data-tour="views"]' },
  { name: "row", at: "[data-conversation]" },
  { name: "why", at: '[data-tour="why"]', open: true },
  { name: "composer", at: '[data-tour="composer"]', open: true },
  { name: "palette", at: '[data-tour="palette"]' },
];

/** Five steps through what everybody does all day, beside the thing itself. The arrows and Escape work too. */
export function Tour({ onClose }: { onClose: () => void }) {
  const [at, setAt] = useState(0);
  const step = steps[at]!;
  const card = useRef<HTMLElement>(null);
  const box = useBox(step);
  const last = at === steps.length - 1;
  useEffect(() => {
    // The reader hears each step, and the keys go to the card.
    card.current?.focus();
  }, [at]);
  const keys = (event: React.KeyboardEvent) => {
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 }[event.key];
    if (event.key === "Escape") {
      onClose();
    } else if (to !== undefined && steps[to]) {
      setAt(to);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      {box && <div className={styles["ring"]} style={box} aria-hidden />}
      <section
        ref={card}
        role="dialog"
        aria-label={say("tour.title")}
        tabIndex={-1}
        className={styles["card"]}
        data-top={(box && box.top + box.height > window.innerHeight - 260 && box.left > 300) || undefined}
        onKeyDown={keys}
      >
        <div className={styles["step"]}>{say("tour.step", { n: at + 1, of: steps.length })}</div>
        <h2 className={styles["title"]}>{say(`tour.${step.name}` as Word)}</h2>
        <p className={styles["text"]}>{say(`tour.${step.name}.text` as Word, { keys: caps("mod+k").join(" ") })}</p>
        <div className={styles["feet"]}>
          <Button size="compact-sm" variant="subtle" color="gray" onClick={onClose}>
            {say("tour.end")}
          </Button>
          <span className={styles["push"]} />
          {at > 0 && (
            <Button size="compact-sm" variant="default" onClick={() => setAt(at - 1)}>
              {say("do.back")}
            </Button>
          )}
          <Button size="compact-sm" onClick={() => (last ? onClose() : setAt(at + 1))}>
            {say(last ? "tour.done" : "tour.next")}
          </Button>
        </div>
      </section>
    </>
  );
}

/** Where the thing of a step is on the screen, kept in step with it; a conversation is opened for those that need one. */
function useBox(step: Step) {
  const navigate = useNavigate();
  const [box, setBox] = useState<{ left: number; top: number; width: number; height: number }>();
  useEffect(() => {
    if (!step.open && !document.querySelector(step.at)) {
      void navigate({ to: "/inbox/$view/{-$conversation}", params: { view: "all" } });
    }
    // Follows the thing, which may come late or move.
    let opened = false;
    const look = () => {
      const there = document.querySelector(step.at);
      if (!there && step.open && !opened) {
        const row = document.querySelector<HTMLElement>("[data-conversation]");
        opened = row !== null;
        row?.click();
      }
      const r = there?.getBoundingClientRect();
      setBox((old) => {
        if (!r || r.width === 0) {
          return undefined;
        }
        const is = { left: r.left - 3, top: r.top - 3, width: r.width + 6, height: r.height + 6 };
        return old && (Object.keys(is) as (keyof typeof is)[]).every((k) => old[k] === is[k]) ? old : is;
      });
    };
    look();
    const timer = setInterval(look, 200);
    return () => clearInterval(timer);
  }, [step, navigate]);
  return box;
}
