import {
  Archive,
  ArchiveRestore,
  BookMarked,
  Check,
  CornerUpLeft,
  Hand,
  Handshake,
  Lock,
  MessageCircleQuestionMark,
  MessageSquareReply,
  MessagesSquare,
  Moon,
  NotebookPen,
  Pencil,
  Phone,
  PhoneForwarded,
  PhoneIncoming,
  RotateCcw,
  Sun,
  Tag,
  Undo2,
} from "lucide-react";
import type { Row } from "@/api/types";
import type { Action } from "@/lib/actions";
import { say } from "@/lib/words";
import { newestAnswer } from "./asking";
import type { Deeds } from "./deeds";

/** What an action on a conversation needs: the deeds, and the small dialogues some begin with. */
export interface Desk {
  deeds: Deeds;
  ask: (what: Question, on: Row) => void;
  write: (what: "reply" | "note") => void;
  /** Puts what a colleague answered into the reply. */
  useAnswer: (text: string, on: Row) => void;
  /** Shows everybody who writes under the same post. */
  thread: (on: Row) => void;
}

export type Question =
  | "handover"
  | "request"
  | "promise"
  | "close"
  | "snooze"
  | "tags"
  | "topics"
  | "correct"
  | "answered"
  | "private"
  | "call";
type RowAction = Action<Row, Desk>;

const may = (what: string) => (row: Row) => row.can.includes(what);

const reply: RowAction = {
  id: "reply", name: () => say("do.reply"), key: "r", icon: CornerUpLeft, can: may("reply"), run: (_, d) => d.write("reply"),
}; // prettier-ignore
const note: RowAction = {
  id: "note", name: () => say("do.note"), key: "n", icon: NotebookPen, can: may("note"), run: (_, d) => d.write("note"),
}; // prettier-ignore
const claim: RowAction = {
  id: "claim", name: () => say("do.claim"), key: "c", icon: Hand, can: may("claim"), run: (r, d) => d.deeds.claim(r),
}; // prettier-ignore
const release: RowAction = {
  id: "release", name: () => say("do.release"), key: "u", icon: Undo2, can: may("release"), run: (r, d) => d.deeds.release(r),
}; // prettier-ignore
const handover: RowAction = {
  id: "handover", name: () => say("do.handover"), key: "p", icon: PhoneForwarded, can: may("handover"), run: (r, d) => d.ask("handover", r),
}; // prettier-ignore
const request: RowAction = {
  id: "request", name: () => say("do.ask"), key: "q", icon: MessageCircleQuestionMark, can: may("ask"), run: (r, d) => d.ask("request", r),
}; // prettier-ignore
const promise: RowAction = {
  id: "promise", name: () => say("do.promise"), key: "m", icon: Handshake, can: may("promise"), run: (r, d) => d.ask("promise", r),
}; // prettier-ignore
const snooze: RowAction = {
  id: "snooze", name: () => say("do.snooze"), key: "z", icon: Moon, can: may("snooze"), run: (r, d) => d.ask("snooze", r),
}; // prettier-ignore
const wake: RowAction = {
  id: "wake", name: () => say("do.wake"), key: "z", icon: Sun, can: may("wake"), run: (r, d) => d.deeds.wake(r),
}; // prettier-ignore
const close: RowAction = {
  id: "close", name: () => say("do.closeIt"), key: "e", icon: Check, can: may("close"), run: (r, d) => (r.promised > 0 ? d.ask("close", r) : d.deeds.close(r)),
}; // prettier-ignore
const reopen: RowAction = {
  id: "reopen", name: () => say("do.reopen"), key: "e", icon: RotateCcw, can: may("reopen"), run: (r, d) => d.deeds.reopen(r),
}; // prettier-ignore
const aside: RowAction = {
  id: "aside", name: () => say("do.aside"), key: "s", icon: Archive, can: may("aside"), run: (r, d) => d.deeds.aside(r),
}; // prettier-ignore
const unaside: RowAction = {
  id: "unaside", name: () => say("do.unaside"), key: "s", icon: ArchiveRestore, can: may("unaside"), run: (r, d) => d.deeds.unaside(r),
}; // prettier-ignore
const tags: RowAction = {
  id: "tags", name: () => say("do.tags"), key: "t", icon: Tag, can: may("tag"), run: (r, d) => d.ask("tags", r),
}; // prettier-ignore
const topics: RowAction = {
  id: "topics", name: () => say("do.topics"), key: "y", icon: BookMarked, can: may("tag"), run: (r, d) => d.ask("topics", r),
}; // prettier-ignore
const correct: RowAction = {
  id: "correct", name: () => say("do.correct"), key: "f", icon: Pencil, can: may("correct"), run: (r, d) => d.ask("correct", r),
}; // prettier-ignore
const answered: RowAction = {
  id: "answered", name: () => say("do.answered"), key: "w", icon: PhoneIncoming, can: may("answered"), run: (r, d) => d.ask("answered", r),
}; // prettier-ignore
const privately: RowAction = {
  id: "private", name: () => say("do.private"), key: "v", icon: Lock, can: may("private"), run: (r, d) => d.ask("private", r),
}; // prettier-ignore
const call: RowAction = {
  id: "call", name: () => say("do.call"), key: "d", icon: Phone, can: may("call"), run: (r, d) => d.ask("call", r),
}; // prettier-ignore

export const thread: RowAction = {
  id: "thread", name: () => say("do.thread"), key: "o", icon: MessagesSquare, can: (r) => !r.private && !!r.thread && !!r.under, run: (r, d) => d.thread(r),
}; // prettier-ignore

const useAnswer: RowAction = {
  id: "useAnswer", name: () => say("do.useAnswer"), key: "a", icon: MessageSquareReply, can: (r) => may("reply")(r) && newestAnswer(r) !== undefined, run: (r, d) => d.useAnswer(newestAnswer(r)?.answer ?? "", r),
}; // prettier-ignore

/** The two that stand as buttons with their names. */
export const chief: RowAction[] = [claim, handover];
/** Those that stand as glyphs beside them. */
export const quick: RowAction[] = [request, wake, snooze, unaside, close, reopen];
/** The rest, behind three dots. */
export const rest: RowAction[] = [promise, privately, call, aside, release, tags, topics, correct, answered, thread];
/** Those that begin in the composer. */
export const writing: RowAction[] = [reply, note, useAnswer];

export const conversationActions: RowAction[] = [...writing, ...chief, ...quick, ...rest];
