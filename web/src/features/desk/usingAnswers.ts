import { type KeyboardEvent, type RefObject, useCallback, useMemo, useState } from "react";
import type { Conversation, Fit, NewReply, SavedDeed } from "@/api/types";
import { say } from "@/lib/words";
import { afterUndo, calledOff } from "./afterUndo";
import { useMacro } from "./macro";
import { addPiece, leftIn, needed, type Piece, slashAt, usePieces } from "./pieces";
import { rewrite } from "./writing";

interface Writing {
  c: Conversation;
  draft: string;
  text: string;
  setText: (text: string) => void;
  field: RefObject<HTMLTextAreaElement | null>;
  isPrivate: boolean;
}

export type Using = ReturnType<typeof useUsing>;

/**
 * Answers and saved replies in a reply that is being written: the list behind a slash, what was put in, what is still to be
 * filled in, and what is done when it is sent.
 */
export function useUsing({ c, draft, text, setText, field, isPrivate }: Writing) {
  const [pieces, setPieces] = usePieces(draft);
  const [meant, setMeant] = useState(false);
  const [slash, setSlash] = useState<{ from: number; typed: string }>();
  const macro = useMacro(c);
  const left = useMemo(() => leftIn(text), [text]);
  const deeds = pieces.flatMap((p) => p.deeds).filter((d) => c.can.includes(needed[d.do]));
  const here = text.trim() === "" ? [] : pieces;

  /** Looks whether the caret stands behind a slash. */
  const look = useCallback((el: HTMLTextAreaElement) => {
    const at = el.selectionStart === el.selectionEnd ? slashAt(el.value, el.selectionStart) : undefined;
    setSlash((was) => (was?.from === at?.from && was?.typed === at?.typed ? was : at));
  }, []);

  const pointTo = (from: number, to: number) => rewrite(field.current, () => undefined, from, to);

  /** Puts a chosen one in place of the slash, and points to the first thing to be filled in. */
  const choose = useCallback(
    (fit: Fit) => {
      const at = slash ?? { from: text.length, typed: "" };
      const end = slash ? at.from + 1 + at.typed.length : text.length;
      const next = text.slice(0, at.from) + fit.text + text.slice(end);
      const put = () => {
        setSlash(undefined);
        setText(next);
        setMeant(false);
        addPiece(draft, fit);
      };
      const first = leftIn(next.slice(0, at.from + fit.text.length))[0];
      const behind = at.from + fit.text.length;
      rewrite(field.current, put, first?.from ?? behind, first?.to ?? behind);
      if (fit.saved?.moment === "now") {
        void macro(fit.saved.deeds);
      }
    },
    [slash, text, setText, draft, field, macro],
  );

  /** Begins the list where the caret is, for who has no slash at hand. */
  const begin = useCallback(() => {
    const el = field.current;
    const at = el?.selectionStart ?? text.length;
    const gap = at > 0 && !/\s/.test(text[at - 1] ?? "") ? " /" : "/";
    const put = () => {
      setText(text.slice(0, at) + gap + text.slice(at));
      setSlash({ from: at + gap.length - 1, typed: "" });
    };
    rewrite(el, put, at + gap.length);
  }, [field, text, setText]);

  return {
    slash,
    look,
    begin,
    choose,
    close: () => setSlash(undefined),
    /** The keys of the list, while it is open; SlashMenu sets it. */
    onKey: useMemo(() => ({ current: undefined as ((e: KeyboardEvent) => boolean) | undefined }), []),
    left: meant ? [] : left,
    hasMeant: meant && left.length > 0,
    mean: () => setMeant(true),
    pointTo,
    deeds,
    drop: (d: SavedDeed) => setPieces(pieces.map((p) => ({ ...p, deeds: p.deeds.filter((o) => o !== d) }))),
    /** Pieces for private words only in a public answer. */
    exposed: isPrivate ? [] : here.filter((p) => p.isPrivate),
    /** Why it can't be sent yet. */
    problem: !meant && left.length > 0 ? say("fill.first") : undefined,
    /** What goes with the reply: what was put in, and what becomes of the conversation. */
    body: (): Pick<NewReply, "used" | "then" | "sleep"> => {
      const snooze = deeds.find((d) => d.do === "snooze");
      return {
        ...(here.length > 0 ? { used: here.map((p) => (p.kind === "answer" ? { answer: p.id, language: p.language } : { saved: p.id })) } : {}),
        ...(deeds.some((d) => d.do === "close") ? { then: "close" as const } : {}),
        ...(snooze ? { then: "waiting" as const, sleep: new Date(Date.now() + (snooze.hours ?? 1) * 3600_000).toISOString() } : {}),
      }; // prettier-ignore
    },
    /** Does what is left to do once the reply that was accepted can't be taken back; what it returns takes all that back. */
    sent: (delivery: string, undo: number) => {
      setPieces([]);
      setMeant(false);
      const rest = deeds.filter((d) => d.do !== "close" && d.do !== "snooze");
      if (rest.length > 0) {
        afterUndo(delivery, undo, () => void macro(rest));
      }
      return () => (calledOff(delivery) || rest.length === 0) && pieces.length > 0 && setPieces(pieces);
    },
    /** The reply waits for the line with what was put in; what can't go with it is left to the next. What it returns puts all back. */
    waits: () => {
      const left = (p: Piece) => ({ ...p, deeds: p.deeds.filter((d) => d.do !== "close" && d.do !== "snooze") });
      setPieces(pieces.map(left).filter((p) => p.deeds.length > 0));
      setMeant(false);
      return () => pieces.length > 0 && setPieces(pieces);
    },
  };
}
