import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Conversation, FoundPromise, NewReply } from "@/api/types";
import { type Changes, decide, forgetDecided, useDecided } from "./keeping";
import { findPromises, making } from "./promise";

/** A promise that was found, as it is to be made; sentence is what it was found in, however it is said by now. */
export interface Found {
  sentence: string;
  promise: FoundPromise;
}

export interface Promising {
  found: Found[];
  dismissed: number;
  keeps: string[];
  change: (sentence: string, to: FoundPromise | "dismissed") => void;
  restore: () => void;
  keep: (promise: string, yes: boolean) => void;
  /**
   * What goes with the answer: the promises of its last words, though they were typed a moment ago. Where they can't be looked
   * for soon the server does that when it takes the answer, unless somebody has decided about them before.
   */
  body: (text: string) => Promise<Pick<NewReply, "promises" | "keeps" | "find">>;
  /** Forgets what went with the answer; what it returns puts that back. */
  sent: () => () => void;
}

const pause = 350;
/** How long sending waits to hear what is promised, in milliseconds. */
const patience = 2000;

/** The promises of an answer that is being written, and those it keeps. */
export function usePromising(c: Conversation, text: string): Promising {
  const settled = useSettled(text);
  const query = useQuery({
    queryKey: ["found promises", c.id, settled],
    queryFn: () => findPromises(c.id, settled),
    enabled: settled.trim().length >= 6,
    staleTime: 60_000,
    gcTime: 60_000,
    retry: false,
  });
  const decided = useDecided(c.id);
  const { changes } = decided;
  const open = c.promises.filter((p) => p.state === "open").map((p) => p.id);
  const kept = decided.keeps.filter((id) => open.includes(id));
  const all = text.trim() ? (query.data ?? []).filter((f) => text.includes(f.text)) : [];

  return {
    found: changed(all, changes),
    dismissed: all.filter((f) => changes[f.text] === "dismissed").length,
    keeps: kept,
    change: (sentence, to) => decide(c.id, (was) => ({ changes: { ...was.changes, [sentence]: to } })),
    restore: () => decide(c.id, () => ({ changes: {} })),
    keep: (id, yes) => decide(c.id, () => ({ keeps: yes ? [...kept, id] : kept.filter((k) => k !== id) })),
    body: async (last) => {
      const keeps = kept.length ? { keeps: kept } : {};
      const found = last.trim() === settled.trim() && query.data ? query.data : await soon(findPromises(c.id, last));
      if (!found && !Object.keys(changes).some((sentence) => last.includes(sentence))) {
        return { find: true, ...keeps };
      }
      const promises = changed(found ?? all, changes).map((f) => making(f.promise));
      return { ...(promises.length ? { promises } : {}), ...keeps };
    },
    sent: () => forgetDecided(c.id, decided),
  };
}

/** What is answered, if that comes soon. */
function soon<T>(asked: Promise<T>): Promise<T | undefined> {
  const late = new Promise<undefined>((done) => setTimeout(() => done(undefined), patience));
  return Promise.race([asked.catch(() => undefined), late]);
}

/** What was found, as somebody changed it. */
function changed(found: FoundPromise[], changes: Changes): Found[] {
  return found.flatMap((f) => {
    const to = changes[f.text];
    return to === "dismissed" ? [] : [{ sentence: f.text, promise: to ?? f }];
  });
}

/** The text, once nobody has typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    // Keeps the server from being asked at every key.
    const timer = setTimeout(() => setSettled(text), pause);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
