import { type ReactNode, useEffect, useState } from "react";

/**
 * Gives the focus back to what had it when this came, once it has gone: a dialogue that is mounted open does not do so
 * by itself. Whoever was writing goes on writing, and no letter is taken for a key.
 */
export function GiveBack({ children }: { children: ReactNode }) {
  const [before] = useState(() => document.activeElement);
  useEffect(
    // The focus is a thing of the browser's: what has taken it meanwhile keeps it.
    () => () => {
      const free = document.activeElement === null || document.activeElement === document.body;
      if (free && before instanceof HTMLElement && before.isConnected) {
        before.focus();
      }
    },
    [before],
  );
  return children;
}
