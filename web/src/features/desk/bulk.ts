import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { answer, api } from "@/api/client";
import type { BulkForm, BulkItem, BulkResult, ConversationFilter, Row, UndoDeed } from "@/api/types";
import { intentKey } from "@/lib/http";
import { brokeOff } from "@/lib/intents";
import { say } from "@/lib/words";
import { complain, tell } from "@/ui/toast";
import { dropToast } from "@/ui/toasts";

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

/** What came of it, as far as it went; where it broke off, why, what is left, and the key to try that under. */
interface Came {
  results: BulkResult[];
  broken?: { error: unknown; items: BulkItem[]; key: string };
}

/** Does one thing to many conversations, one by one at the server, shows how far it is, and offers the way back. */
export function useBulk(after: () => void) {
  const queries = useQueryClient();
  const [progress, setProgress] = useState<Progress>();
  const stopped = useRef(false);

  const run = useCallback(
    async (what: Bulk, items: BulkItem[], key: string): Promise<Came> => {
      stopped.current = false;
      const results: BulkResult[] = [];
      setProgress({ done: 0, of: items.length });
      try {
        for (let at = 0; at < items.length && !stopped.current; at += bite) {
          const some = items.slice(at, at + bite);
          const params = { header: { "Idempotency-Key": `${key}-${some[0]!.id}` } };
          results.push(
            ...(await answer(api.POST("/api/conversations/bulk", { params, body: { ...what, items: some } }))).items,
          );
          setProgress({ done: results.length, of: items.length });
        }
        return { results };
      } catch (error) {
        // What was done although its answer was lost is answered again under the same key, with how it stood before.
        const retry = { items: items.slice(results.length), key: brokeOff(error) ? intentKey() : key };
        return { results, broken: { error, ...retry } };
      } finally {
        setProgress(undefined);
        refresh(queries);
      }
    },
    [queries],
  );

  const undo = useCallback(
    (what: Bulk, results: BulkResult[]) => {
      const go = async (back: Bulk, items: BulkItem[], key: string, earlier: BulkResult[]): Promise<void> => {
        const { results, broken } = await run(back, items, key);
        const all = [...earlier, ...results];
        if (broken) {
          complain(broken.error, () => go(back, broken.items, broken.key, all));
          return;
        }
        const done = all.filter((r) => r.done).length;
        const not = all.find((r) => !r.done);
        tell(
          not
            ? say("bulk.undone.some", { done, left: all.length - done, why: not.why ?? "" })
            : say("bulk.undone", { n: done }),
          not ? { seconds: 12 } : {},
        );
      };
      return Promise.all(inverse(what, results).map(([back, items]) => go(back, items, intentKey(), [])));
    },
    [run],
  );

  const start = useCallback(
    (what: Bulk, rows: Row[]) => {
      const go = async (items: BulkItem[], key: string, earlier: BulkResult[]): Promise<void> => {
        const { results, broken } = await run(what, items, key);
        const all = [...earlier, ...results];
        const did = all.filter((r) => r.done);
        const not = all.find((r) => !r.done);
        const back = inverse(what, did).length > 0 ? () => undo(what, did) : undefined;
        if (broken) {
          // Either it goes on, and all of it can be undone then, or what was done is undone now.
          const done =
            back && tell(say("bulk.did", { n: did.length }), { undo: () => (dropToast(failed), back()), seconds: 12 });
          const failed = complain(broken.error, () => {
            if (done) {
              dropToast(done);
            }
            return go(broken.items, broken.key, all);
          });
          return;
        }
        tell(
          not
            ? say("bulk.did.some", { done: did.length, left: all.length - did.length, why: not.why ?? "" })
            : say("bulk.did", { n: did.length }),
          { undo: back, seconds: 12 },
        );
        after();
      };
      return go(rows.map((r) => ({ id: r.id })), intentKey(), []); // prettier-ignore
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
