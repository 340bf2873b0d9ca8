import { useMemo, useState } from "react";
import { useMe } from "@/api/session";
import type { Conversation } from "@/api/types";
import { say } from "@/lib/words";
import styles from "./Composer.module.css";
import { useDesk, type Writing } from "./DeskProvider";
import { NoteForm } from "./NoteForm";
import { ReplyForm } from "./ReplyForm";

/** Where one answers: to the contact, or only to colleagues. The two never look alike. */
export function Composer({ conversation: c }: { conversation: Conversation }) {
  const me = useMe();
  const desk = useDesk();
  const mayReply = c.replyAs !== undefined && c.can.includes("reply");
  const mayNote = c.can.includes("note");
  const [what, setWhat] = useState<Writing>(mayReply ? "reply" : "note");
  // Counts up when somebody asks to write, so that the form takes the focus.
  const [asked, setAsked] = useState(0);
  const [isPrivate, setPrivate] = useState(c.replyAs?.private ?? c.private);
  desk.composer.begin = useMemo(
    () => (wanted: Writing) => {
      setWhat(wanted);
      setAsked((n) => n + 1);
    },
    [],
  );
  if (!mayReply && !mayNote) {
    return null;
  }
  const tone = what === "note" ? "note" : isPrivate ? "private" : "public";
  return (
    <section data-tour="composer" className={styles["composer"]} data-tone={tone} aria-label={say("composer.label")}>
      <div className={styles["top"]}>
        <div className={styles["tabs"]} role="tablist" aria-label={say("composer.label")}>
          {(["reply", "note"] as const).map((tab) => (
            <button
              key={tab}
              type="button"
              role="tab"
              id={`tab-${tab}`}
              aria-selected={what === tab}
              aria-controls="writing"
              className={styles["tab"]}
              data-tab={tab}
              disabled={tab === "note" && !mayNote}
              onClick={() => {
                setWhat(tab);
                setAsked(asked + 1);
              }}
            >
              {say(`composer.tab.${tab}`)}
            </button>
          ))}
        </div>
        {c.viewers.length > 0 && (
          <span className={styles["viewers"]} role="status">
            {say("conversation.viewers", { names: c.viewers.map((v) => v.name).join(", ") })}
          </span>
        )}
      </div>
      <div role="tabpanel" id="writing" aria-labelledby={`tab-${what}`}>
        {what === "note" ? (
          <NoteForm conversation={c} draft={`${me.id}:${c.id}:note`} asked={asked} />
        ) : c.replyAs && mayReply ? (
          <ReplyForm
            conversation={c}
            as={c.replyAs}
            draft={`${me.id}:${c.id}:reply`}
            asked={asked}
            isPrivate={isPrivate}
            onPrivate={setPrivate}
          />
        ) : (
          <p className={styles["forbidden"]}>{say("composer.forbidden")}</p>
        )}
      </div>
    </section>
  );
}
