import { Button, Checkbox, CloseButton } from "@mantine/core";
import { Rows3, TriangleAlert } from "lucide-react";
import type { Limits } from "@/lib/limits";
import { say } from "@/lib/words";
import styles from "./Warnings.module.css";
import type { Warning } from "./checking";
import { Counter } from "./Counter";
import type { Answer } from "./reply";
import "./words";

interface WarningsProps {
  warnings: Warning[];
  /** Somebody wanted to send past them: they are asked. */
  asking: boolean;
  onDismiss: (ids: string[]) => void;
  onPutThrough: () => void;
  onPrivate: (() => void) | undefined;
  onInsert: (words: string) => void;
  onSend: () => void;
}

/** What to think of before an answer is sent. Each can be dismissed, and none forbids. */
export function Warnings({ warnings, asking, onDismiss, onPutThrough, onPrivate, onInsert, onSend }: WarningsProps) {
  if (warnings.length === 0) {
    return null;
  }
  return (
    <div className={styles["warnings"]} role={asking ? "alert" : "status"} data-asking={asking || undefined}>
      <ul className={styles["list"]}>
        {warnings.map((w) => (
          <li key={w.id} className={styles["warning"]} data-kind={w.kind}>
            <TriangleAlert size={15} aria-hidden className={styles["sign"]} />
            <bdi className={styles["words"]}>{w.text}</bdi>
            {w.offer === "putThrough" && (
              <Button size="compact-xs" variant="default" onClick={onPutThrough}>
                {say("warn.putThrough")}
              </Button>
            )}
            {w.offer === "private" && onPrivate && (
              <Button size="compact-xs" variant="default" onClick={onPrivate}>
                {say("composer.makePrivate")}
              </Button>
            )}
            {w.insert && (
              <Button size="compact-xs" variant="default" onClick={() => onInsert(w.insert!)}>
                {say("warn.insert", { handle: w.insert })}
              </Button>
            )}
            <CloseButton size="sm" aria-label={say("warn.dismiss")} onClick={() => onDismiss([w.id])} />
          </li>
        ))}
      </ul>
      {asking && (
        <Button size="compact-sm" variant="default" onClick={onSend}>
          {say("warn.send")}
        </Button>
      )}
    </div>
  );
}

interface InPartsProps {
  parts: string[];
  limits: Limits;
  numbered: boolean;
  onNumbered: (numbered: boolean) => void;
  chosen: boolean;
  onChosen: (chosen: boolean) => void;
  onPrivate: (() => void) | undefined;
}

/** It is too long for one message: how it would be said in several, one after the other, or in private instead. */
export function InParts({ parts, limits, numbered, onNumbered, chosen, onChosen, onPrivate }: InPartsProps) {
  return (
    <div className={styles["parts"]} role="group" aria-label={say("parts.label")}>
      <div className={styles["line"]}>
        <Rows3 size={15} aria-hidden className={styles["sign"]} />
        <span className={styles["words"]}>{say("parts.tooLong", { n: parts.length })}</span>
        <Button size="compact-xs" variant="default" aria-pressed={chosen} onClick={() => onChosen(!chosen)}>
          {chosen ? say("parts.undo") : say("parts.do", { n: parts.length })}
        </Button>
        {onPrivate && (
          <Button size="compact-xs" variant="default" onClick={onPrivate}>
            {say("composer.makePrivate")}
          </Button>
        )}
      </div>
      {chosen && (
        <>
          <Checkbox
            size="xs"
            label={say("parts.numbered")}
            checked={numbered}
            onChange={(e) => onNumbered(e.currentTarget.checked)}
          />
          <ol className={styles["preview"]}>
            {parts.map((part, k) => (
              <li key={k}>
                <bdi>{part}</bdi> <Counter limits={limits} text={part} isPrivate={false} />
              </li>
            ))}
          </ol>
        </>
      )}
    </div>
  );
}

/** Somebody else answered since one began to write: what they said, before a second answer is sent. */
export function Meanwhile({ answers, onSend, disabled }: { answers: Answer[]; onSend: () => void; disabled: boolean }) {
  const who = [...new Set(answers.map((a) => a.who).filter(Boolean))].join(", ");
  return (
    <div className={styles["meanwhile"]} role="alert">
      <div className={styles["line"]}>
        <TriangleAlert size={16} aria-hidden className={styles["sign"]} />
        <span className={styles["words"]}>
          <strong>
            {!who
              ? say("composer.meanwhile.somebody")
              : say(answers.some((a) => a.sent) ? "composer.meanwhile" : "composer.meanwhile.queued", { who })}
          </strong>{" "}
          {say("composer.meanwhile.read")}
        </span>
        <Button size="compact-sm" variant="default" disabled={disabled} onClick={onSend}>
          {say("composer.meanwhile.send")}
        </Button>
      </div>
      {answers.map((a) => (
        <blockquote key={a.id} className={styles["said"]} dir="auto">
          {a.text}
        </blockquote>
      ))}
    </div>
  );
}

/** An earlier try broke off, and nobody can tell whether it was accepted: that is for a person to look at. */
export function Unclear({ onSend, disabled }: { onSend: () => void; disabled: boolean }) {
  return (
    <div className={styles["meanwhile"]} role="alert">
      <div className={styles["line"]}>
        <TriangleAlert size={16} aria-hidden className={styles["sign"]} />
        <span className={styles["words"]}>
          <strong>{say("composer.unclear")}</strong> {say("composer.unclear.look")}
        </span>
        <Button size="compact-sm" variant="default" disabled={disabled} onClick={onSend}>
          {say("composer.unclear.send")}
        </Button>
      </div>
    </div>
  );
}
