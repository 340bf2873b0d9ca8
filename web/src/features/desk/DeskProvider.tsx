import { createContext, lazy, type ReactNode, Suspense, use, useMemo, useState } from "react";
import { useMe } from "@/api/session";
import type { Row } from "@/api/types";
import { keepDraft, keptDraft } from "@/lib/drafts";
import type { Desk, Question } from "./actions";
import { withAnswer } from "./asking";
import type { Deeds } from "./deeds";
import { useDraftKeeper } from "./draftKeeper";
import { WhereContext } from "./where";

// Read when first wanted: the inbox is there sooner without them.
const PutThroughDialogue = lazy(() => import("./PutThroughDialogue").then((m) => ({ default: m.PutThroughDialogue })));
const AskDialogue = lazy(() => import("./AskDialogue").then((m) => ({ default: m.AskDialogue })));
const SnoozeDialogue = lazy(() => import("./SnoozeDialogue").then((m) => ({ default: m.SnoozeDialogue })));
const TagsDialogue = lazy(() => import("./TagsDialogue").then((m) => ({ default: m.TagsDialogue })));
const TopicsDialogue = lazy(() => import("./TopicsDialogue").then((m) => ({ default: m.TopicsDialogue })));
const CorrectDialogue = lazy(() => import("./CorrectDialogue").then((m) => ({ default: m.CorrectDialogue })));
const MakePromise = lazy(() => import("./MakePromise").then((m) => ({ default: m.MakePromise })));
const CloseDialogue = lazy(() => import("./ReasonDialogue").then((m) => ({ default: m.CloseDialogue })));
const AnsweredDialogue = lazy(() => import("./AnsweredDialogue").then((m) => ({ default: m.AnsweredDialogue })));
const PrivateDialogue = lazy(() => import("./PrivateDialogue").then((m) => ({ default: m.PrivateDialogue })));
const CallDialogue = lazy(() => import("./CallDialogue").then((m) => ({ default: m.CallDialogue })));

/** What the composer of the open conversation listens to: begin to write. */
export type Writing = "reply" | "note";

interface Held extends Desk {
  /** Where the open conversation's composer says how to begin writing in it. */
  composer: { begin: ((what: Writing) => void) | undefined };
}

const DeskContext = createContext<Held | null>(null);

export function useDesk(): Held {
  const desk = use(DeskContext);
  if (!desk) {
    throw new Error("there is no desk here");
  }
  return desk;
}

/** Gives the screens below the deeds of the desk, and shows the dialogues some of them begin with. */
export function DeskProvider({ deeds, children }: { deeds: Deeds; children: ReactNode }) {
  const me = useMe();
  const where = use(WhereContext);
  useDraftKeeper();
  const [question, setQuestion] = useState<{ what: Question; on: Row }>();
  const desk = useMemo((): Held => {
    const composer: Held["composer"] = { begin: undefined };
    return {
      deeds,
      composer,
      ask: (what, on) => setQuestion({ what, on }),
      write: (what) => composer.begin?.(what),
      useAnswer: (text, on) => {
        const draft = `${me.id}:${on.id}:reply`;
        keepDraft(draft, withAnswer(keptDraft(draft), text));
        composer.begin?.("reply");
      },
      thread: (on) => on.thread && where.thread?.(on.account.id, on.thread),
    };
  }, [deeds, me.id, where]);
  const close = () => setQuestion(undefined);
  return (
    <DeskContext value={desk}>
      {children}
      <Suspense>
        {question?.what === "handover" && <PutThroughDialogue on={question.on} onClose={close} />}
        {question?.what === "request" && <AskDialogue on={question.on} onClose={close} />}
        {question?.what === "promise" && <MakePromise on={question.on} onClose={close} />}
        {question?.what === "close" && (
          <CloseDialogue
            n={question.on.promised}
            onDo={(reason) => (close(), void deeds.close(question.on, reason))}
            onClose={close}
          />
        )}
        {question?.what === "snooze" && <SnoozeDialogue on={question.on} onClose={close} />}
        {question?.what === "tags" && <TagsDialogue on={question.on} onClose={close} />}
        {question?.what === "topics" && <TopicsDialogue on={question.on} onClose={close} />}
        {question?.what === "correct" && <CorrectDialogue on={question.on} onClose={close} />}
        {question?.what === "private" && <PrivateDialogue on={question.on} onClose={close} />}
        {question?.what === "call" && <CallDialogue on={question.on} onClose={close} />}
        {question?.what === "answered" && <AnsweredDialogue on={question.on} onClose={close} />}
      </Suspense>
    </DeskContext>
  );
}
