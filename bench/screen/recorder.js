// Runs in the page, before anything of it: notes what a person would notice. Everything in milliseconds.
(() => {
  const kept = { long: [], keys: [], switches: [], frames: [], blame: [] };
  globalThis.figures = kept;
  new PerformanceObserver((list) => list.getEntries().forEach((e) => kept.long.push({ at: e.startTime, took: e.duration }))).observe({ type: "longtask" });
  if (PerformanceObserver.supportedEntryTypes.includes("long-animation-frame")) {
    new PerformanceObserver((list) =>
      list.getEntries().forEach((e) =>
        kept.blame.push({
          at: e.startTime,
          took: e.duration,
          render: e.renderStart ? e.startTime + e.duration - e.renderStart : 0,
          layout: e.styleAndLayoutStart ? e.startTime + e.duration - e.styleAndLayoutStart : 0,
          scripts: e.scripts.map((s) => `${s.invoker} ${s.sourceFunctionName} ${s.duration.toFixed(0)}`),
        }),
      ),
    ).observe({ type: "long-animation-frame" });
  }

  /** Calls back when what is on the page now has been painted. */
  const painted = (then) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => then(performance.now());
      port2.postMessage(0);
    });

  // When the first row can be clicked: it is there, in sight, and nothing lies over it.
  const ready = () => {
    const row = document.querySelector("[data-conversation]");
    const box = row?.getBoundingClientRect();
    if (box && box.height > 0 && row.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2))) {
      painted((now) => (kept.ready = now));
    } else {
      requestAnimationFrame(ready);
    }
  };
  requestAnimationFrame(ready);

  const writing = (e) => e.target instanceof HTMLTextAreaElement || e.target instanceof HTMLInputElement || e.target?.isContentEditable;
  let old, began;
  const watch = new MutationObserver(() => {
    const now = document.querySelector("article");
    if (began !== undefined && now && now !== old && now.querySelector("[data-direction]")) {
      const from = began;
      began = undefined;
      watch.disconnect();
      const n = now.querySelectorAll("[data-direction]").length;
      painted((to) => kept.switches.push({ took: to - from, n }));
    }
  });
  const begin = (e) => {
    old = document.querySelector("article");
    began = e.timeStamp;
    watch.observe(document.body, { childList: true, subtree: true });
  };
  addEventListener(
    "keydown",
    (e) => {
      if (writing(e)) {
        const from = e.timeStamp;
        painted((to) => kept.keys.push(to - from));
      } else if (e.key === "j" || e.key === "k") {
        begin(e);
      }
    },
    true,
  );
  addEventListener("click", (e) => e.target.closest?.("[data-conversation]") && begin(e), true);

  /** Notes when each frame begins, until the returned function is called. */
  kept.watchFrames = () => {
    kept.frames = [];
    let on = true;
    const frame = (at) => {
      kept.frames.push(at);
      if (on) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    kept.stopFrames = () => (on = false);
  };
})();
