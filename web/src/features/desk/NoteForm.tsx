import { Button, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, api } from "@/api/client";
import type { Conversation } from "@/api/types";
import { useMe } from "@/api/session";
import { useDraft } from "@/lib/drafts";
import { sendOnce } from "@/lib/once";
import { say } from "@/lib/words";
import { complain, tell } from "@/ui/toast";
import styles from "./Composer.module.css";
import { useAskedFocus, useSendKey } from "./writing";
import "./words";

/** A word to colleagues; the contact never sees it. */
export function NoteForm({
  conversation: c,
  draft,
  asked,
}: {
  conversation: Conversation;
  draft: string;
  asked: number;
}) {
  const queries = useQueryClient();
  const me = useMe();
  const [text, setText] = useDraft(draft);
  const [busy, setBusy] = useState(false);
  const field = useAskedFocus(asked);
  const onKey = useSendKey();

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!text.trim() || busy) {
      return;
    }
    setBusy(true);
    const words = text.trim();
    try {
      const entry = await sendOnce(
        {
          person: me.id,
          kind: "note",
          conversation: c.id,
          path: `/api/conversations/${c.id}/notes`,
          text: words,
          draft,
        },
        (key) =>
          answer(
            api.POST("/api/conversations/{id}/notes", {
              params: { path: { id: c.id }, header: { "Idempotency-Key": key } },
              body: { text: words },
            }),
          ),
      );
      if (!entry) {
        return tell(say("offline.kept"));
      }
      queries.setQueryData<Conversation>(["conversation", c.id], (old) =>
        old && !old.timeline.some((e) => e.id === entry.id) ? { ...old, timeline: [...old.timeline, entry] } : old,
      );
      tell(say("composer.noted"));
    } catch (error) {
      complain(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form onSubmit={submit}>
      <Textarea
        ref={field}
        variant="unstyled"
        autosize
        minRows={2}
        maxRows={10}
        classNames={{ input: styles["input"] ?? "" }}
        aria-label={say("composer.tab.note")}
        placeholder={say("composer.note.placeholder")}
        value={text}
        onChange={(e) => setText(e.currentTarget.value)}
        onKeyDown={onKey}
      />
      <div className={styles["foot"]}>
        <span className={styles["push"]} />
        <Button type="submit" size="xs" color="note" loading={busy} disabled={!text.trim()}>
          {say("composer.note")}
        </Button>
      </div>
    </form>
  );
}
