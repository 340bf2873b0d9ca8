import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { answer, api } from "@/api/client";
import type { Conversation } from "@/api/types";
import { type Viewer, viewersQuery } from "@/api/writing";
import { leaving } from "@/lib/leaving";
import { say } from "@/lib/words";

/** How often one says that one is still here, still writes, and after how long without a key one no longer does, in milliseconds. */
const lookEvery = 40_000;
const writeEvery = 8000;
const quiet = 10_000;

/** Says that one looks at a conversation and, as long as words change, that one writes; and tells who else does. */
export function usePresence(c: Conversation, words: string, stays: boolean): Viewer[] {
  const queries = useQueryClient();
  const { data } = useQuery({ ...viewersQuery(c.id), placeholderData: c.viewers, enabled: stays });
  const here = useRef({ doing: "gone", at: 0, typed: 0, words: "" });

  useEffect(() => {
    // Keeps the server in step with where one is, once one stays.
    const now = here.current;
    if (!stays) {
      now.typed = 0;
      return undefined;
    }
    const be = (doing: "looking" | "writing" | "gone") => {
      if (leaving.now) {
        return;
      }
      now.doing = doing;
      now.at = Date.now();
      const call = api.PUT("/api/conversations/{id}/presence", {
        params: { path: { id: c.id } },
        body: { doing },
        keepalive: doing === "gone",
      });
      void answer(call).then(
        (list) => doing !== "gone" && queries.setQueryData(["presence", c.id], list.items),
        () => undefined, // a courtesy: nobody is told that it failed
      );
    };
    const turn = () => {
      const t = Date.now();
      const doing = document.visibilityState === "hidden" ? "gone" : t - now.typed < quiet ? "writing" : "looking";
      const every = doing === "writing" ? writeEvery : lookEvery;
      if (doing !== now.doing || (doing !== "gone" && t - now.at >= every)) {
        be(doing);
      }
    };
    const leave = () => now.doing !== "gone" && be("gone");
    turn();
    const timer = setInterval(turn, 2000);
    document.addEventListener("visibilitychange", turn);
    window.addEventListener("pagehide", leave);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", turn);
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [c.id, queries, stays]);

  useEffect(() => {
    // A key was pressed: the next turn says so.
    const now = here.current;
    if (now.words !== words) {
      // A draft that was only loaded is not typed, and what was sent is not being written any more.
      now.typed = words === "" ? 0 : now.words === "" && words.length > 1 ? now.typed : Date.now();
      now.words = words;
    }
  }, [words]);

  return data ?? [];
}

/** Who is here, in a sentence: those who write, or else those who look. */
export function whoIsHere(viewers: Viewer[]): { text: string; writing: boolean } | undefined {
  const writing = viewers.filter((v) => v.doing === "writing");
  const names = (list: Viewer[]) => list.map((v) => v.name).join(", ");
  if (writing.length > 0) {
    return {
      text: say(writing.length > 1 ? "composer.writing.many" : "composer.writing", { names: names(writing) }),
      writing: true,
    };
  }
  return viewers.length > 0
    ? { text: say("conversation.viewers", { names: names(viewers) }), writing: false }
    : undefined;
}
