import { type KeyboardEvent, type RefObject, useCallback, useEffect, useRef } from "react";

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
