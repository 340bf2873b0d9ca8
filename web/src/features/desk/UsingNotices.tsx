import { Button, CloseButton } from "@mantine/core";
import { Lock, PencilLine, Zap } from "lucide-react";
import { say } from "@/lib/words";
import styles from "./Fitting.module.css";
import { deedName } from "./pieces";
import type { Using } from "./usingAnswers";

interface Props {
  using: Using;
  /** Absent where it can't be answered in private. */
  onPrivate?: (() => void) | undefined;
}

/** What is still to be filled in, what is not for the public, and what will be done, above the button that sends. */
export function UsingNotices({ using: u, onPrivate }: Props) {
  if (u.left.length + u.exposed.length + u.deeds.length === 0) {
    return null;
  }
  return (
    <div className={styles["notices"]} role="status">
      {u.left.length > 0 && (
        <div className={styles["noticeLine"]} data-tone="warn">
          <PencilLine size={14} aria-hidden />
          <span>{say("fill.title")}</span>
          {u.left.map((l) => (
            <Button
              key={l.name}
              size="compact-xs"
              variant="default"
              aria-label={say("fill.go", { name: l.name })}
              onClick={() => u.pointTo(l.from, l.to)}
            >
              <bdi>{l.name}</bdi>
            </Button>
          ))}
          <Button size="compact-xs" variant="subtle" onClick={u.mean}>
            {say("fill.asIs")}
          </Button>
        </div>
      )}
      {u.exposed.map((p) => (
        <div key={p.id} className={styles["noticeLine"]} data-tone="private">
          <Lock size={14} aria-hidden />
          <span>{say("fill.private", { title: p.title })}</span>
          {onPrivate && (
            <Button size="compact-xs" variant="default" onClick={onPrivate}>
              {say("fill.makePrivate")}
            </Button>
          )}
        </div>
      ))}
      {u.deeds.length > 0 && (
        <div className={styles["noticeLine"]}>
          <Zap size={14} aria-hidden />
          <span>{say("macro.onSend")}</span>
          {u.deeds.map((d) => (
            <span key={d.do} className={styles["deed"]}>
              <bdi>{deedName(d)}</bdi>
              <CloseButton size={18} aria-label={say("macro.drop", { deed: deedName(d) })} onClick={() => u.drop(d)} />
            </span>
          ))}
        </div>
      )}
    </div>
  );
}
