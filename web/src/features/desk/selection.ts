import { useCallback, useMemo, useState } from "react";
import { useMe } from "@/api/session";
import type { Row } from "@/api/types";

/** The conversations that are chosen, to do something to all of them. */
export interface Selection {
  ids: ReadonlySet<string>;
  rows: Row[];
  /** Chooses one or no longer; with reach, everything from the last one chosen to it. Absent: they may do nothing to any. */
  toggle: ((id: string, reach?: boolean) => void) | undefined;
  set: (rows: Row[]) => void;
  clear: () => void;
}

/** Which rows of a list are chosen. Those that left the list stay chosen until something was done to them. */
export function useSelection(shown: Row[]): Selection {
  const [chosen, setChosen] = useState<ReadonlyMap<string, Row>>(new Map());
  const may = useMe().can.includes("answer");
  const [anchor, setAnchor] = useState<string>();
  const toggle = useCallback(
    (id: string, reach = false) => {
      setAnchor(id);
      setChosen((old) => {
        const next = new Map(old);
        const from = shown.findIndex((r) => r.id === anchor);
        const to = shown.findIndex((r) => r.id === id);
        if (reach && from >= 0 && to >= 0) {
          shown.slice(Math.min(from, to), Math.max(from, to) + 1).forEach((r) => next.set(r.id, r));
        } else if (next.has(id)) {
          next.delete(id);
        } else if (shown[to]) {
          next.set(id, shown[to]);
        }
        return next;
      });
    },
    [shown, anchor],
  );
  const set = useCallback((rows: Row[]) => setChosen(new Map(rows.map((r) => [r.id, r]))), []);
  const clear = useCallback(() => setChosen(new Map()), []);
  return useMemo(
    () => ({ ids: new Set(chosen.keys()), rows: [...chosen.values()], toggle: may ? toggle : undefined, set, clear }),
    [chosen, may, toggle, set, clear],
  );
}
