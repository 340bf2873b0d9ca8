import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { answer, api } from "@/api/client";
import type { BulkForm, BulkItem, BulkResult, ConversationFilter, Row, UndoDeed } from "@/api/types";
import { say } from "@/lib/words";
import { complain, tell } from "@/ui/toast";

/** So many are handed to the server at a time: little enough to see it go on, and to stop. */
const bite = 25;
/** So many can be chosen at once. */
export const mostChosen = 5000;

export type Bulk = Omit<BulkForm, "items" | "$schema">;

/** How far one deed to many has come. */
export interface Progress {
  done: number;
  of: number;
}

/** Does one thing to many conversations, one by one at the server, shows how far it is, and offers the way back. */
export function useBulk(after: () => void) {
  const queries = useQueryClient();
  const [progress, setProgress] = useState<Progress>();
  const stopped = useRef(false);

  const run = useCallback(
    async (what: Bulk, items: BulkItem[]): Promise<BulkResult[]> => {
      stopped.current = false;
      const out: BulkResult[] = [];
      setProgress({ done: 0, of: items.length });
      try {
        for (let at = 0; at < items.length && !stopped.current; at += bite) {
          const some = items.slice(at, at + bite);
          const body = { ...what, items: some };
          out.push(...(await answer(api.POST("/api/conversations/bulk", { body }))).items);
          setProgress({ done: out.length, of: items.length });
        }
      } finally {
        setProgress(undefined);
        refresh(queries);
      }
      return out;
    },
    [queries],
  );

  const undo = useCallback(
    async (what: Bulk, results: BulkResult[]) => {
      try {
        const back = (await Promise.all(inverse(what, results).map(([w, items]) => run(w, items)))).flat();
        const done = back.filter((r) => r.done).length;
        const not = back.find((r) => !r.done);
        tell(
          not
            ? say("bulk.undone.some", { done, left: back.length - done, why: not.why ?? "" })
            : say("bulk.undone", { n: done }),
          not ? { seconds: 12 } : {},
        );
      } catch (error) {
        complain(error);
      }
    },
    [run],
  );

  const start = useCallback(
    async (what: Bulk, rows: Row[]) => {
      try {
        const results = await run(what, rows.map((r) => ({ id: r.id }))); // prettier-ignore
        const did = results.filter((r) => r.done);
        const not = results.find((r) => !r.done);
        tell(
          not
            ? say("bulk.did.some", { done: did.length, left: results.length - did.length, why: not.why ?? "" })
            : say("bulk.did", { n: did.length }),
          { undo: inverse(what, did).length > 0 ? () => undo(what, did) : undefined, seconds: 12 },
        );
        after();
      } catch (error) {
        complain(error, () => start(what, rows));
      }
    },
    [run, undo, after],
  );
  const stop = useCallback(() => {
    stopped.current = true;
  }, []);
  return { progress, start, stop };
}

function refresh(queries: QueryClient) {
  ["conversations", "conversation", "counts", "view-counts", "thread", "incident"].forEach(
    (key) => void queries.invalidateQueries({ queryKey: [key] }),
  );
}

/** The deeds that the server takes back itself: each conversation stands as it stood, unless somebody touched it since. */
const restored: readonly Bulk["do"][] = [
  "claim",
  "release",
  "handover",
  "snooze",
  "wake",
  "close",
  "reopen",
  "aside",
  "unaside",
];

/** What takes a deed to many back: each as it stood before. What stood like that already is left as it is. */
export function inverse(what: Bulk, results: BulkResult[]): [Bulk, BulkItem[]][] {
  const changed = results.filter((r) => !r.same);
  const items = changed.map((r): BulkItem => ({ id: r.id }));
  if (items.length === 0) {
    return [];
  }
  if (restored.includes(what.do)) {
    return [[{ do: "undo", of: what.do as Exclude<UndoDeed, "needs" | "intent"> }, items]];
  }
  switch (what.do) {
    case "read":
      return [[{ do: "unread" }, items]];
    case "tag":
    case "untag":
      return [[{ do: "tags" }, changed.map((r) => ({ id: r.id, tags: r.before?.tags ?? [] }))]];
    default:
      return [];
  }
}

/** Reads a whole list, as far as many can be chosen. */
export async function everyRow(filter: ConversationFilter): Promise<Row[]> {
  const out: Row[] = [];
  let after: string | undefined;
  do {
    const page = await answer(
      api.GET("/api/conversations", { params: { query: { ...filter, limit: 200, ...(after ? { after } : {}) } } }),
    );
    out.push(...page.items);
    after = page.next || undefined;
  } while (after && out.length < mostChosen);
  return out.slice(0, mostChosen);
}

/** Those of the rows that wait for an answer and that one may answer. */
export function answerable(rows: Row[]): Row[] {
  return rows.filter((r) => r.state === "open" && r.can.includes("reply"));
}
