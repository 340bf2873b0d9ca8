import { BookOpenCheck, LibraryBig } from "lucide-react";
import type { Conversation, Fit } from "@/api/types";
import type { Action } from "@/lib/actions";
import { say } from "@/lib/words";

/** A conversation with the answers that fit it. */
export interface Fitted {
  conversation: Conversation;
  fits: Fit[];
}

/** What an action on answers needs. */
export interface Shelf {
  insert: (fit: Fit) => void;
  toggle: () => void;
}

/** The first that may be said outside. */
export const bestOf = (fits: Fit[]): Fit | undefined => fits.find((f) => f.answer?.audience !== "inside");

const insertBest: Action<Fitted, Shelf> = {
  id: "insert-answer", name: () => say("fit.insert.best"), key: "i", icon: BookOpenCheck,
  can: (on) => on.conversation.can.includes("reply") && bestOf(on.fits) !== undefined,
  run: (on, how) => how.insert(bestOf(on.fits)!),
}; // prettier-ignore
const show: Action<Fitted, Shelf> = {
  id: "answers", name: () => say("fit.show"), key: "l", icon: LibraryBig, can: () => true, run: (_, how) => how.toggle(),
}; // prettier-ignore

export const answerActions = [insertBest, show];
