// What is still to be done, by the delivery it waits for.
const waiting = new Map<string, { timer: ReturnType<typeof setTimeout>; run: () => void }>();

/**
 * Does something once an answer can't be taken back any more; when the page is left before that, then. Nothing is done for
 * one that was taken back.
 */
export function afterUndo(delivery: string, seconds: number, run: () => void): void {
  if (seconds <= 0) {
    run();
    return;
  }
  waiting.set(delivery, { run, timer: setTimeout(() => settle(delivery), seconds * 1000) });
}

/** The answer was taken back: what was to be done after it is not. True when there was something. */
export function calledOff(delivery: string): boolean {
  clearTimeout(waiting.get(delivery)?.timer);
  return waiting.delete(delivery);
}

function settle(delivery: string): void {
  const due = waiting.get(delivery);
  if (due && calledOff(delivery)) {
    due.run();
  }
}

window.addEventListener("pagehide", () => [...waiting.keys()].forEach(settle));
