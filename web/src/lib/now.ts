import { useSyncExternalStore } from "react";

// One ticking clock for the whole page: a thousand pills must not mean a thousand timers. It also ticks at once
// when a tab that slept comes back, so that nobody reads an old "12 min left".
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function tick() {
  now = Date.now();
  listeners.forEach((l) => l());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    now = Date.now();
    timer = setInterval(tick, 15_000);
    document.addEventListener("visibilitychange", tick);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
      document.removeEventListener("visibilitychange", tick);
    }
  };
}

/** The time, to a quarter of a minute. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
