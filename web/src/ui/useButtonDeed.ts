import { useMemo, useRef } from "react";
import { type Deed, rows, useActions } from "@/lib/actions";

export interface Known {
  /** The deed's id: the same deed on several rows has one. */
  deed: string;
  hotkey: string;
  /** Stands once in each of many rows. */
  inRow?: boolean;
}

/** Makes what a button does known, for as long as it is there and can be pressed. */
export function useButtonDeed({ deed: id, hotkey, inRow = false }: Known, name: string, off: boolean) {
  const button = useRef<HTMLButtonElement>(null);
  const deed = useMemo(
    (): Deed => ({
      id,
      name,
      key: hotkey,
      run: () => button.current?.click(),
      ...(hotkey.startsWith("mod+") ? { whileTyping: true, there: () => !isBehind(button.current) } : {}),
      ...(inRow ? { row: () => button.current?.closest(rows), hidden: true } : {}),
    }),
    [id, name, hotkey, inRow],
  );
  useActions(useMemo(() => (off ? [] : [deed]), [off, deed]));
  return { button, deed };
}

/** Whether a dialogue stands before it: what is behind one rests, whatever is typed in the dialogue. */
function isBehind(button: Element | null): boolean {
  const dialogues = [...document.querySelectorAll("[aria-modal=true]")];
  return dialogues.length > 0 && !dialogues.some((d) => d.contains(button));
}
