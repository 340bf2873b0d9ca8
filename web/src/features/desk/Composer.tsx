import { useMemo, useState } from "react";
import { useMe } from "@/api/session";
import type { Conversation } from "@/api/types";
import { useStays } from "@/lib/stays";
import { learn, say } from "@/lib/words";
import { composerWords } from "@/lib/words/composer";
import "@/ui/forms";
import styles from "./Composer.module.css";
import { amendDraft, useKept } from "@/lib/drafts";
import { useDesk, type Writing } from "./DeskProvider";
import { draftName, useDraftsFromElsewhere } from "./draftKeeper";
import { NoteForm } from "./NoteForm";
import { usePresence, whoIsHere } from "./presence";
import { ReplyForm } from "./ReplyForm";
import "./words";

learn(composerWords);

/** Where one answers: to the contact, or only to colleagues. The two never look alike. */
export function Composer({ conversation: c }: { conversation: Conversation }) {
  const me = useMe();
  const desk = useDesk();
  const mayReply = c.replyAs !== undefined && c.can.includes("reply");
  const mayNote = c.can.includes("note");
  const [what, setWhat] = useState<Writing>(mayReply ? "reply" : "note");
  // Counts up when somebody asks to write, so that the form takes the focus.
  const [asked, setAsked] = useState(0);
  const replyDraft = draftName(me.id, c.id, "reply");
  const draft = useKept(replyDraft);
  const isPrivate = (c.replyAs?.private ?? c.private) || draft.private === true;
  const stays = useStays(c.id);
  useDraftsFromElsewhere(c.id, stays);
  const here = whoIsHere(usePresence(c, draft.text, stays));
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
        {here && (
          <span className={styles["viewers"]} role="status" data-writing={here.writing || undefined}>
            {here.text}
          </span>
        )}
      </div>
      <div role="tabpanel" id="writing" aria-labelledby={`tab-${what}`}>
        {what === "note" ? (
          <NoteForm conversation={c} draft={draftName(me.id, c.id, "note")} asked={asked} />
        ) : c.replyAs && mayReply ? (
          <ReplyForm
            conversation={c}
            as={c.replyAs}
            draft={replyDraft}
            asked={asked}
            isPrivate={isPrivate}
            onPrivate={(narrow) => amendDraft(replyDraft, { private: narrow })}
          />
        ) : (
          <p className={styles["forbidden"]}>{say("composer.forbidden")}</p>
        )}
      </div>
    </section>
  );
}
