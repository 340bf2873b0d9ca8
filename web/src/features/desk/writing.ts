import { type KeyboardEvent, type RefObject, useCallback, useEffect, useRef } from "react";
import { flushSync } from "react-dom";
import type { ReplyAs } from "@/api/types";

/** A field that takes the focus each time somebody asks to write (asked counts up). */
export function useAskedFocus(asked: number): RefObject<HTMLTextAreaElement | null> {
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    // Keeps the focus in step with what the keyboard or a tab asked for.
    if (asked > 0) {
      const el = field.current;
      el?.focus();
      el?.setSelectionRange(el.value.length, el.value.length);
    }
  }, [asked]);
  return field;
}

/** ⌘↵ or Ctrl ↵ sends; Esc leaves the field and keeps what was written. */
export function useSendKey(): (event: KeyboardEvent<HTMLTextAreaElement>) => void {
  return useCallback((event) => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      event.currentTarget.form?.requestSubmit();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      event.currentTarget.blur();
    }
  }, []);
}

/** The words as they leave, as far as their length goes: with the name that is put in front where the writer has not. */
export function addressed(as: Pick<ReplyAs, "limits" | "to">, text: string): string {
  const handle = as.to.replace(/^@/, "");
  if (as.limits.named !== "added" || !as.to.startsWith("@") || handle === "" || text.trim() === "") {
    return text;
  }
  const name = handle.split("@")[0]!;
  const named = [handle, name].some((h) =>
    new RegExp(`(^|[^\\p{L}\\p{N}_])@${h.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}($|[^\\p{L}\\p{N}_-])`, "iu").test(
      text,
    ),
  );
  return named ? text : `@${handle} ${text}`;
}

/**
 * Changes what stands in a field, and selects a part of it, before anything else happens: the next key is typed there, however
 * fast it comes.
 */
export function rewrite(field: HTMLTextAreaElement | null, change: () => void, from: number, to = from): void {
  flushSync(change);
  field?.focus();
  field?.setSelectionRange(from, to);
}

/** Puts words in where the cursor stands; it then stands behind them. */
export function insertAt(
  field: HTMLTextAreaElement | null,
  text: string,
  words: string,
  set: (text: string) => void,
): void {
  const from = field?.selectionStart ?? text.length;
  const to = field?.selectionEnd ?? from;
  rewrite(field, () => set(text.slice(0, from) + words + text.slice(to)), from + words.length);
}
