import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { conversationQuery } from "@/api/queries";
import { useMe } from "@/api/session";
import type { Conversation, Delivery, NewReply, ReplyAs } from "@/api/types";
import type { Habits } from "@/api/writing";
import { amendDraft, type DraftFile, keptWhole, putBack, typedSince } from "@/lib/drafts";
import { Problem } from "@/lib/http";
import { brokeOff, endIntent, keyFor } from "@/lib/intents";
import { keepForLater, lineIsGone } from "@/lib/outbox";
import { say } from "@/lib/words";
import { complain, tell } from "@/ui/toast";
import { patchRow } from "./deeds";
import { forgetSent } from "./draftKeeper";
import { keepBeside } from "./keeping";
import { leftPromised } from "./promise";
import type { Promising } from "./usePromising";
import type { Using } from "./usingAnswers";
import { type Answer, answersSince, saidBefore, type Seen, seenOf } from "./reply";
import "./words";

interface SendingProps {
  c: Conversation;
  as: ReplyAs;
  draft: string;
  isPrivate: boolean;
  /** To whom else it goes, by their addresses. */
  cc: string[];
  habits: Habits;
  files: DraftFile[];
  using: Using;
  promising: Promising;
}

/** What was decided on the way, where the conversation would close although something is promised in it. */
type How = Pick<NewReply, "then" | "reason">;

export interface Sending {
  /** Sends it, whole or in parts. */
  send: (text: string, parts?: string[]) => Promise<void>;
  busy: boolean;
  /** The answers of others that came meanwhile; undefined when none did. Empty: one did, and it can't be shown yet. */
  meanwhile: Answer[] | undefined;
  /** Sends it all the same: what came meanwhile has been read. */
  sendAsWell: (text: string, parts?: string[]) => Promise<void>;
  /** An earlier try broke off, and nothing of it is to be seen: a person decides whether it is sent again. */
  unclear: boolean;
  /** Sends it again: whoever says so has looked. */
  sendAgain: (text: string, parts?: string[]) => Promise<void>;
  /** What would be left promised were it sent and closed, how to go on, and how to send nothing yet. */
  closing: { n: number; go: (how: How) => void; cancel: () => void } | undefined;
  /** Somebody begins to write. */
  begin: () => void;
}

/**
 * Sends an answer once: under one key for as long as the words stay the same, whatever becomes of the line; not past
 * a colleague's answer that the writer has not seen; and with time to take it back.
 */
export function useSending({ c, as, draft, isPrivate, cc, habits, files, using, promising }: SendingProps): Sending {
  const queries = useQueryClient();
  const me = useMe();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState(false);
  const [seen, setSeen] = useState<Seen>();
  // It would close the conversation although something is promised: that is asked first.
  const [closing, setClosing] = useState<Sending["closing"]>();
  const [unclear, setUnclear] = useState(false);
  const since = answersSince(c, seen, me);
  const meanwhile = since.length > 0 ? since : refused ? [] : undefined;

  async function post(text: string, parts: string[] | undefined, known: Seen | undefined, how: How = {}) {
    setBusy(true);
    setClosing(undefined);
    setUnclear(false);
    const promised = await promising.body(text.trim());
    const then = how.then ?? using.body().then ?? habits.then;
    const left = leftPromised(c, promised);
    const askFirst = (n: number) =>
      setClosing({ n, go: (next) => void post(text, parts, known, next), cancel: () => setClosing(undefined) });
    if (then === "close" && left > 0 && !how.then && !how.reason) {
      setBusy(false);
      askFirst(left);
      return;
    }
    const body: NewReply = {
      text: text.trim(),
      account: as.account,
      private: isPrivate,
      undo: habits.undo,
      then: habits.then,
      media: files.map((f) => f.id),
      alts: files.map((f) => f.alt?.trim() ?? ""),
      ...using.body(),
      ...(parts ? { parts } : {}),
      ...(cc.length > 0 ? { cc, ccFor: as.parent } : {}),
      ...(known?.newest ? { seen: known.newest } : {}),
      ...promised,
      ...how,
    };
    const key = keyFor(draft, [body.text, parts, body.account, isPrivate, body.media, cc]);
    try {
      const delivery = await answer(
        api.POST("/api/conversations/{id}/reply", {
          params: { path: { id: c.id }, header: { "Idempotency-Key": key } },
          body,
        }),
      );
      accepted(delivery, text, parts, then);
    } catch (error) {
      if (error instanceof Problem && error.kind === "answered-meanwhile") {
        setRefused(true);
      } else if (error instanceof Problem && error.kind === "wrote-again") {
        amendDraft(draft, { cc: [] }); // they were chosen for what was said before
        complain(error);
      } else if (error instanceof Problem && error.kind === "still-promised") {
        // The server found what could not be looked for here.
        askFirst(Math.max(1, left));
      } else if (brokeOff(error)) {
        const there = await arrived(text, parts, known);
        if (there) {
          accepted(there, text, parts, then);
        } else {
          setUnclear(true);
        }
      } else if (lineIsGone(error)) {
        await keepForLater(
          {
            person: me.id,
            kind: "reply",
            conversation: c.id,
            path: `/api/conversations/${c.id}/reply`,
            body,
            text: body.text,
            draft,
          },
          key,
        );
        leaveDraft(text);
        const unused = using.waits();
        const unpromised = promising.sent();
        keepBeside(key, () => {
          amendDraft(draft, { files: [...files, ...(keptWhole(draft).files ?? [])] });
          unused();
          unpromised();
        });
        endIntent(draft);
        tell(say("offline.kept"));
      } else {
        complain(error);
      }
    } finally {
      setBusy(false);
      void queries.invalidateQueries({ queryKey: ["conversation", c.id] });
    }
  }

  /** The server has it. */
  function accepted(delivery: Delivery, text: string, parts: string[] | undefined, then: string) {
    leaveDraft(text);
    const unused = using.sent(delivery.id, habits.undo);
    const unpromised = promising.sent();
    endIntent(draft);
    setSeen(undefined);
    queries.setQueryData<Conversation>(
      ["conversation", c.id],
      (old) => old && { ...old, deliveries: [...old.deliveries.filter((d) => d.id !== delivery.id), delivery] },
    );
    said(delivery, text, parts?.length ?? 1, () => (unused(), unpromised()));
    showThen(then);
  }

  /** Takes what was sent out of the draft. What was added since stays, as private as it was; in copy it is for nobody. */
  function leaveDraft(text: string) {
    const { files: now = [], private: narrow } = keptWhole(draft);
    const since = typedSince(draft, text);
    const more = now.filter((f) => !files.some((g) => g.id === f.id));
    forgetSent(queries, draft, c.id);
    if (since || more.length > 0) {
      amendDraft(draft, { text: since, files: more, ...(narrow ? { private: true } : {}) });
    }
  }

  /** What came of an earlier try, as far as the conversation shows it. */
  async function arrived(text: string, parts: string[] | undefined, known: Seen | undefined) {
    const now = await queries.fetchQuery({ ...conversationQuery(c.id), staleTime: 0 }).catch(() => undefined);
    return now && saidBefore(now, (parts?.[0] ?? text).trim(), known ?? seenOf(c), me);
  }

  function said({ id, state }: Delivery, text: string, parts: number, unused: () => unknown) {
    if (state === "held") {
      tell(say("composer.waits"));
    } else if (habits.undo > 0) {
      tell(say("composer.sending", { n: habits.undo }), { undo: () => unsend(id, text, unused), seconds: habits.undo });
    } else {
      tell(parts > 1 ? say("composer.sent.parts", { n: parts }) : say("composer.sent", { handle: as.handle }));
    }
  }

  function showThen(then: string) {
    if (then !== "open" && !as.held) {
      patchRow(queries, c.id, { state: then === "close" ? "closed" : "waiting" });
    }
    void queries.invalidateQueries({ queryKey: ["promises"] });
    void queries.invalidateQueries({ queryKey: ["conversations"] });
    void queries.invalidateQueries({ queryKey: ["counts"] });
  }

  /** What was typed since stays, below what comes back. */
  async function unsend(id: string, text: string, unused: () => unknown) {
    try {
      await answer(api.POST("/api/deliveries/{id}/cancel", { params: { path: { id } } }));
      putBack(draft, { text, files, private: isPrivate, cc, ccFor: as.parent });
      unused();
      tell(say("composer.unsent"));
    } catch (error) {
      complain(error);
    }
    void queries.invalidateQueries({ queryKey: ["conversation", c.id] });
    void queries.invalidateQueries({ queryKey: ["conversations"] });
    void queries.invalidateQueries({ queryKey: ["counts"] });
  }

  async function send(text: string, parts?: string[]) {
    if (!busy && !meanwhile) {
      await post(text, parts, seen);
    }
  }

  async function sendAsWell(text: string, parts?: string[]) {
    if (!busy) {
      const known = seenOf(c);
      setRefused(false);
      setSeen(known);
      await post(text, parts, known);
    }
  }

  async function sendAgain(text: string, parts?: string[]) {
    if (!busy) {
      endIntent(draft);
      await post(text, parts, seen);
    }
  }

  return {
    send,
    sendAsWell,
    sendAgain,
    unclear,
    busy,
    meanwhile,
    closing,
    begin: () => setSeen((was) => was ?? seenOf(c)),
  };
}
