import { sentence } from "@/lib/http";
import { say } from "@/lib/words";
import { addToast } from "./toasts";

interface Extra {
  /** The inverse, offered for as long as the toast stands. */
  undo?: (() => unknown) | undefined;
  undoName?: string;
  seconds?: number;
}

/** Says in passing that something was done, with the way back when there is one; returns by what it can be dropped. */
export function tell(text: string, { undo, undoName = say("do.undo"), seconds = undo ? 8 : 4 }: Extra = {}): string {
  return addToast({ tone: "plain", text, deed: undo && { name: undoName, run: undo }, stays: seconds * 1000 });
}

/** Says that something failed, and what to do about it. */
export function complain(error: unknown, again?: () => unknown): string {
  return addToast({
    tone: "bad",
    text: sentence(error),
    deed: again && { name: say("do.retry"), run: again },
    stays: 10_000,
  });
}
