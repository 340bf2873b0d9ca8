import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { answer, api } from "@/api/client";
import { useMe } from "@/api/session";
import type { FoundPromise, NewReply, Row } from "@/api/types";
import { checkQuery } from "@/api/writing";
import { keepDraft, keptDraft } from "@/lib/drafts";
import { sentence } from "@/lib/http";
import { endIntent, keyFor } from "@/lib/intents";
import { say } from "@/lib/words";
import { tell } from "@/ui/toast";
import { type Warning, warning } from "./checking";
import { findPromises, making } from "./promise";
import { onTheWay } from "./reply";

/** An answer to one of many, before it is sent and after. */
export interface Prepared {
  row: Row;
  text: string;
  out: boolean;
  state: "ready" | "sent" | "failed";
  why?: string;
  /** What it became. */
  delivery?: string;
  /** The words that were looked at, and what there is to say about them. */
  looked?: string;
  warnings?: Warning[];
  /** What they promise; undefined: it could not be looked for. */
  promises?: FoundPromise[] | undefined;
}

type Change = Partial<Omit<Prepared, "row">>;
type SetPrepared = (change: (old: Prepared[] | undefined) => Prepared[] | undefined) => void;

/** So many answers are read before they are sent; what the rest promise is found when they are accepted. */
const mostLooked = 100;
const atOnce = 4;
/** The longest that an answer can be taken back, in seconds. */
const longestUndo = 60;

/** What a text becomes for one: their name in the place of {name}. */
export function filled(text: string, row: Row): string {
  return text.replaceAll("{name}", row.contact.name || row.contact.handle);
}

/** The name under which the text for many is kept until it is sent. */
export const alikeDraft = (me: string) => `${me}:alike`;

// What was changed for one of them, for as long as the page lives and the text is the same.
let changed = { text: "", by: new Map<string, string>() };

/** What each gets, as it was changed before. */
export function prepare(text: string, rows: Row[]): Prepared[] {
  if (changed.text !== text) {
    changed = { text, by: new Map() };
  }
  return rows.map((row) => ({ row, text: changed.by.get(row.id) ?? filled(text, row), out: false, state: "ready" }));
}

/** Keeps what was changed for one. */
export function rewritten(row: Row, text: string): void {
  changed.by.set(row.id, text);
}

interface Options {
  /** The text for all, to be given back when they are taken back. */
  text: string;
  close: boolean;
  /** What they promise is noted. */
  promises: boolean;
}

/** Reads what is prepared, and sends it one by one until it is stopped; then all of it can be taken back at once. */
export function useAlike(setPrepared: SetPrepared, options: Options) {
  const queries = useQueryClient();
  const me = useMe();
  const { undo } = me.habits;
  const [doing, setDoing] = useState<"looking" | "sending">();
  const stopped = useRef(false);
  const patch = (row: Row, change: Change) =>
    setPrepared((old) => old?.map((x) => (x.row.id === row.id ? { ...x, ...change } : x)));

  /** Reads them; true when there is something to look at first. */
  async function look(todo: Prepared[]): Promise<boolean> {
    const unread = todo.slice(0, mostLooked).filter((d) => d.looked !== d.text);
    let found = false;
    setDoing("looking");
    await inTurns(unread, async (d) => {
      const change = await read(queries, d);
      found ||= change.warnings.length > 0 || (change.promises ?? []).length > 0;
      patch(d.row, change);
    });
    setDoing(undefined);
    return found;
  }

  async function start(prepared: Prepared[]) {
    const todo = prepared.filter((d) => !d.out && d.state !== "sent");
    if (await look(todo)) {
      return;
    }
    stopped.current = false;
    setDoing("sending");
    const began = Date.now();
    const sent: string[] = [];
    let tried = 0;
    for (const d of todo) {
      if (stopped.current) {
        break;
      }
      // Those that come first wait for the last, so that all can still be taken back when all are accepted.
      const rest = ((todo.length - tried) * (Date.now() - began)) / Math.max(1, tried) / 1000;
      const seconds = undo > 0 ? Math.min(longestUndo, undo + Math.ceil(rest)) : 0;
      tried++;
      const result = await sendOne(d, me.id, seconds, options);
      if (result.delivery) {
        sent.push(result.delivery);
      }
      patch(d.row, result);
    }
    setDoing(undefined);
    if (sent.length === todo.length) {
      keepDraft(alikeDraft(me.id), "");
    }
    const said =
      tried < todo.length ? say("alike.stopped", { n: todo.length - tried }) : say("alike.done", { n: sent.length });
    tell(said, undo > 0 && sent.length > 0 ? { undo: () => takeBack(sent), seconds: undo } : {});
    refresh(queries);
  }

  async function takeBack(deliveries: string[]) {
    let done = 0;
    let why = "";
    await inTurns(deliveries, async (id) => {
      try {
        await answer(api.POST("/api/deliveries/{id}/cancel", { params: { path: { id } } }));
        done++;
        setPrepared((old) => old?.map((x) => (x.delivery === id ? { ...x, state: "ready" } : x)));
      } catch (error) {
        why ||= sentence(error);
      }
    });
    if (keptDraft(alikeDraft(me.id)).trim() === "") {
      keepDraft(alikeDraft(me.id), options.text);
    }
    const left = deliveries.length - done;
    tell(left > 0 ? say("alike.unsent.some", { done, left, why }) : say("alike.unsent", { n: done }), { seconds: 10 });
    refresh(queries);
  }

  return { doing, start, stop: () => (stopped.current = true) };
}

function refresh(queries: QueryClient) {
  ["conversations", "conversation", "thread", "incident", "counts", "promises"].forEach(
    (k) => void queries.invalidateQueries({ queryKey: [k] }),
  );
}

/** What there is to say about an answer, as far as that can be had. */
async function read(queries: QueryClient, d: Prepared) {
  const [check, promises] = await Promise.all([
    queries.fetchQuery(checkQuery(d.row.id, d.text, d.row.private, false)).catch(() => undefined),
    findPromises(d.row.id, d.text).catch(() => undefined),
  ]);
  return { looked: d.text, warnings: (check?.remarks ?? []).map(warning), promises };
}

/** Sends one, unless somebody has answered since its row was read, or an answer of one's own is on its way. */
async function sendOne(d: Prepared, me: string, undo: number, { close, promises }: Options): Promise<Change> {
  const intent = `${me}:alike:${d.row.id}`;
  try {
    const c = await answer(api.GET("/api/conversations/{id}", { params: { path: { id: d.row.id } } }));
    const mine = c.deliveries.find((x) => onTheWay.includes(x.state) && x.author.id === me && x.text === d.text.trim());
    if (mine && d.state === "failed") {
      endIntent(intent); // an earlier try arrived, and its answer was lost
      return { state: "sent", delivery: mine.id };
    }
    const since =
      c.timeline.some((e) => e.kind === "message" && e.direction === "out" && e.at > d.row.lastAt) ||
      c.deliveries.some((x) => x.author.id === me && x.state !== "sent" && onTheWay.includes(x.state));
    if (since || c.state !== "open") {
      return { state: "failed", why: say("alike.meanwhile") };
    }
    const seen = c.timeline[c.timeline.length - 1]?.id;
    const looked = d.looked === d.text ? d.promises : undefined;
    const body: NewReply = {
      text: d.text.trim(),
      account: d.row.account.id,
      private: d.row.private,
      undo,
      then: close ? "close" : "waiting",
      ...(seen ? { seen } : {}),
      ...(!promises ? {} : looked ? { promises: looked.map(making) } : { find: true }),
    };
    const delivery = await answer(
      api.POST("/api/conversations/{id}/reply", {
        params: {
          path: { id: d.row.id },
          header: { "Idempotency-Key": keyFor(intent, [body.text, body.account, body.private]) },
        },
        body,
      }),
    );
    endIntent(intent);
    return { state: "sent", delivery: delivery.id };
  } catch (error) {
    return { state: "failed", why: sentence(error) };
  }
}

/** Does something for each, a few at a time. */
async function inTurns<T>(list: T[], each: (one: T) => Promise<void>): Promise<void> {
  const rest = [...list];
  const next = async (): Promise<void> => {
    for (let one = rest.shift(); one !== undefined; one = rest.shift()) {
      await each(one);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, next));
}
