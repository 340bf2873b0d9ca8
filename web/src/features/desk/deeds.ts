import { type InfiniteData, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { answer, api } from "@/api/client";
import { useMe } from "@/api/session";
import type { Candidate, Conversation, ConversationFilter, Owner, Page, Row, Suggestion, UndoDeed } from "@/api/types";
import { Problem } from "@/lib/http";
import { soon } from "@/lib/time";
import { say } from "@/lib/words";
import { complain, tell } from "@/ui/toast";
import { useZone } from "@/ui/Zone";

/** Whom a conversation can be put through to. */
export type Target = Pick<Candidate | Suggestion, "department" | "person">;

/** What can be done to a conversation. Each shows at once, tells the server, and offers the way back. */
export interface Deeds {
  claim: (on: Row) => Promise<void>;
  release: (on: Row) => Promise<void>;
  handover: (on: Row, to: Target, reason: string) => Promise<void>;
  snooze: (on: Row, until: string) => Promise<void>;
  wake: (on: Row) => Promise<void>;
  /** Where something is still promised it takes a reason. */
  close: (on: Row, reason?: string) => Promise<void>;
  reopen: (on: Row) => Promise<void>;
  aside: (on: Row) => Promise<void>;
  unaside: (on: Row) => Promise<void>;
  tag: (on: Row, tags: string[]) => Promise<void>;
  correct: (on: Row, intent: string) => Promise<void>;
  urgency: (on: Row, urgency: Row["urgency"]) => Promise<void>;
  language: (on: Row, language: string) => Promise<void>;
  /** What needs no answer is set aside; what needs one after all comes back from there. */
  needs: (on: Row, needs: Row["needs"]) => Promise<void>;
  answered: (on: Row, how: string) => Promise<void>;
}

interface Change {
  on: Row;
  /** What will be true, shown before the server has said so. */
  patch: Partial<Row>;
  call: () => Promise<Conversation>;
  said: string;
  undo?: (() => Promise<Conversation>) | undefined;
  /** The conversation leaves the list it stands in. */
  leaves?: boolean;
}

interface Moves {
  /** A conversation left the list: show the next one. */
  left: (id: string) => void;
  /** It came back by undo: show it again. */
  back: (id: string) => void;
}

export function useDeeds(moves: Moves): Deeds {
  const queries = useQueryClient();
  const me = useMe();
  const zone = useZone();
  return useMemo(() => {
    const at = (on: Row) => ({ params: { path: { id: on.id } } });
    const calls = conversationCalls(at);

    async function change({ on, patch, call, said, undo, leaves = false }: Change) {
      patchRow(queries, on.id, patch);
      if (leaves) {
        moves.left(on.id);
      }
      try {
        settle(queries, await call());
        tell(said, { undo: undo && (() => takeBack(on, undo)) });
      } catch (error) {
        refetch(queries, on.id);
        if (leaves) {
          moves.back(on.id);
        }
        complain(
          error,
          error instanceof Problem && error.status === 0
            ? () => change({ on, patch, call, said, undo, leaves })
            : undefined,
        );
      }
    }

    async function takeBack(on: Row, undo: () => Promise<Conversation>) {
      try {
        settle(queries, await undo());
        moves.back(on.id);
      } catch (error) {
        complain(error);
      }
    }

    const mine: Owner["person"] = { id: me.id, name: me.name };
    return {
      claim: (on) => change({ on, patch: { owner: { ...on.owner, person: mine } }, call: () => calls.claim(on), said: say("did.claim"), undo: () => calls.undo(on, "claim") }),
      release: (on) => change({ on, patch: { owner: { department: on.owner.department } }, call: () => calls.release(on), said: say("did.release", { department: on.owner.department.name }), undo: () => calls.undo(on, "release") }),
      handover: (on, to, reason) => change({
        on, patch: { owner: to.person ? { department: to.department, person: to.person } : { department: to.department } }, leaves: true,
        call: () => calls.handover(on, to, reason), said: say("did.handover", { name: to.person?.name ?? to.department.name }),
        undo: () => calls.undo(on, "handover"),
      }),
      snooze: (on, until) => change({
        on, patch: { state: "snoozed", snoozedUntil: until }, leaves: true, call: () => calls.snooze(on, until),
        said: say("did.snooze", { when: soon(until, Date.now(), zone) }), undo: () => calls.undo(on, "snooze"),
      }),
      wake: (on) => change({ on, patch: { state: "open" }, call: () => calls.wake(on), said: say("did.wake") }),
      close: (on, reason) => change({ on, patch: { state: "closed" }, leaves: true, call: () => calls.close(on, reason), said: say("did.close"), undo: () => calls.undo(on, "close") }),
      reopen: (on) => change({ on, patch: { state: "open" }, call: () => calls.reopen(on), said: say("did.reopen"), undo: () => calls.undo(on, "reopen") }),
      aside: (on) => change({ on, patch: { setAside: true }, leaves: true, call: () => calls.aside(on), said: say("did.aside"), undo: () => calls.undo(on, "aside") }),
      unaside: (on) => change({ on, patch: { setAside: false, state: "open" }, leaves: true, call: () => calls.unaside(on), said: say("did.unaside"), undo: () => calls.undo(on, "unaside") }),
      tag: (on, tags) => change({ on, patch: { tags }, call: () => calls.tags(on, tags), said: say("did.tags"), undo: () => calls.tags(on, on.tags) }),
      correct: (on, intent) => change({ on, patch: { intent, intents: [intent] }, call: () => calls.intent(on, intent), said: say("did.intent"), undo: () => calls.undo(on, "intent") }),
      urgency: (on, urgency) => change({ on, patch: { urgency }, call: () => calls.urgency(on, urgency), said: say("did.correct"), undo: () => calls.urgency(on, on.urgency) }),
      language: (on, language) => change({ on, patch: { language }, call: () => calls.language(on, language), said: say("did.correct"), undo: () => calls.language(on, on.language || "und") }),
      needs: (on, needs) => change({
        on, ...moved(on, needs), call: () => calls.needs(on, needs), said: say("did.correct"), undo: () => calls.undo(on, "needs"),
      }),
      answered: (on, how) => change({ on, patch: { state: "waiting" }, leaves: true, call: () => calls.answered(on, how), said: say("did.answered") }),
    }; // prettier-ignore
  }, [queries, me.id, me.name, zone, moves]);
}

/** What becomes of a conversation that is said to need an answer, or none; what a person closed stays closed. */
function moved(on: Row, needs: Row["needs"]): Pick<Change, "patch" | "leaves"> {
  if (needs === "none" && on.state !== "closed") {
    return { patch: { needs, state: "closed", setAside: true }, leaves: true };
  }
  return needs !== "none" && on.setAside
    ? { patch: { needs, state: "open", setAside: false }, leaves: true }
    : { patch: { needs } };
}

/** The calls behind the deeds, without any showing. */
function conversationCalls(at: (on: Row) => { params: { path: { id: string } } }) {
  return {
    claim: (on: Row) => answer(api.POST("/api/conversations/{id}/claim", { ...at(on), body: {} })),
    release: (on: Row) => answer(api.POST("/api/conversations/{id}/release", { ...at(on), body: {} })),
    handover: (on: Row, to: Target, reason: string) =>
      answer(
        api.POST("/api/conversations/{id}/handover", {
          ...at(on),
          body: to.person
            ? { person: to.person.id, department: to.department.id, reason }
            : { department: to.department.id, reason },
        }),
      ),
    snooze: (on: Row, until: string) =>
      answer(api.POST("/api/conversations/{id}/snooze", { ...at(on), body: { until } })),
    wake: (on: Row) => answer(api.POST("/api/conversations/{id}/wake", { ...at(on), body: {} })),
    close: (on: Row, reason?: string) =>
      answer(api.POST("/api/conversations/{id}/close", { ...at(on), body: reason ? { reason } : {} })),
    reopen: (on: Row) => answer(api.POST("/api/conversations/{id}/reopen", { ...at(on), body: {} })),
    aside: (on: Row) => answer(api.POST("/api/conversations/{id}/aside", { ...at(on), body: {} })),
    unaside: (on: Row) => answer(api.POST("/api/conversations/{id}/unaside", { ...at(on), body: {} })),
    undo: (on: Row, deed: UndoDeed) =>
      answer(api.POST("/api/conversations/{id}/undo", { ...at(on), body: { do: deed } })),
    tags: (on: Row, tags: string[]) => answer(api.PUT("/api/conversations/{id}/tags", { ...at(on), body: { tags } })),
    intent: (on: Row, intent: string) =>
      answer(api.PUT("/api/conversations/{id}/intent", { ...at(on), body: { intent } })),
    urgency: (on: Row, urgency: Row["urgency"]) =>
      answer(api.PUT("/api/conversations/{id}/urgency", { ...at(on), body: { urgency } })),
    language: (on: Row, language: string) =>
      answer(api.PUT("/api/conversations/{id}/language", { ...at(on), body: { language } })),
    needs: (on: Row, needs: Row["needs"]) =>
      answer(api.PUT("/api/conversations/{id}/needs", { ...at(on), body: { needs } })),
    answered: (on: Row, how: string) =>
      answer(api.POST("/api/conversations/{id}/answered", { ...at(on), body: { how, at: new Date().toISOString() } })),
  };
}

type Pages = InfiniteData<Page<Row>>;

/** Shows a change everywhere the conversation stands; where it no longer belongs, it goes. */
export function patchRow(queries: QueryClient, id: string, patch: Partial<Row>): void {
  queries.setQueryData<Conversation>(["conversation", id], (old) => old && { ...old, ...patch });
  for (const [key, pages] of queries.getQueriesData<Pages>({ queryKey: ["conversations"] })) {
    const filter = key[1] as ConversationFilter | undefined;
    if (pages && filter) {
      queries.setQueryData<Pages>(key, {
        ...pages,
        pages: pages.pages.map((page) => ({ ...page, items: patchItems(page.items, id, patch, filter) })),
      });
    }
  }
}

/** The rows of a list after a change to one of them. */
export function patchItems(items: Row[], id: string, patch: Partial<Row>, filter: ConversationFilter): Row[] {
  return items.flatMap((row) => {
    if (row.id !== id) {
      return [row];
    }
    const next = { ...row, ...patch };
    const aside = filter.view === "aside";
    const any =
      (filter.state === "any" && !aside) ||
      (filter.view === "asked" && next.state !== "closed") ||
      filter.view === "promised";
    const belongs =
      (any || (next.setAside === aside && (aside || next.state === filter.state))) &&
      (filter.view !== "unowned" || !next.owner.person);
    return belongs ? [next] : [];
  });
}

/** Shows a conversation as the server says it is now, everywhere it stands. */
export function settle(queries: QueryClient, conversation: Conversation): void {
  queries.setQueryData(["conversation", conversation.id], conversation);
  void queries.invalidateQueries({ queryKey: ["conversations"] });
  void queries.invalidateQueries({ queryKey: ["counts"] });
}

function refetch(queries: QueryClient, id: string): void {
  void queries.invalidateQueries({ queryKey: ["conversation", id] });
  void queries.invalidateQueries({ queryKey: ["conversations"] });
}
