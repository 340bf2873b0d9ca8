import { Button, Group, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, lazy, Suspense, useState } from "react";
import { myRequestsQuery } from "@/api/queries";
import { useMe } from "@/api/session";
import type { MyQuestion } from "@/api/types";
import { useDraft } from "@/lib/drafts";
import { sendOnce } from "@/lib/once";
import { useWaiting } from "@/lib/outbox";
import { exact } from "@/lib/time";
import { say } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { Prose } from "@/ui/Prose";
import { useDo } from "@/ui/useDo";
import { useZone } from "@/ui/Zone";
import { answerDraft, answerRequest } from "./asking";
import { DueChip } from "./Requests";
import owed from "./Owed.module.css";
import styles from "./Requests.module.css";
import { WaitingAnswers } from "./Waiting";
import "./words";

// Read when first wanted: few pass a question on.
const PassRequest = lazy(() => import("./PassRequest").then((m) => ({ default: m.PassRequest })));

/** What is asked of me where I may not see the conversation: the question, what I may see, and the answer, on the spot. */
export function MyQuestions() {
  const list = (useQuery(myRequestsQuery).data ?? []).filter((q) => q.request.shows !== "conversation");
  const asked = list.length > 0 && (
    <section className={`${owed["owed"]} ${styles["requests"]}`} aria-label={say("request.mine")}>
      <ul className={owed["list"]}>
        {list.map((q) => (
          <li key={q.request.id} className={owed["one"]} data-mine>
            <One question={q} />
          </li>
        ))}
      </ul>
    </section>
  );
  return (
    <>
      <WaitingAnswers />
      {asked}
    </>
  );
}

const touched = [["my-requests"], ["counts"], ["conversations"]];

function One({ question: { request: r, messages } }: { question: MyQuestion }) {
  const me = useMe();
  const zone = useZone();
  const { busy, run } = useDo();
  const [passing, setPassing] = useState(false);
  const draft = answerDraft(me.id, r.id);
  const [text, setText] = useDraft(draft);
  const path = `/api/requests/${r.id}/answer`;
  const waits = useWaiting(me.id, r.id).some((w) => w.path === path);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) {
      const words = { person: me.id, kind: "answer" as const, conversation: r.id, path, text: text.trim(), draft };
      void run({
        call: () => sendOnce(words, (key) => answerRequest(r.id, words.text, key)),
        said: (ended) => say(ended ? "request.did.answer" : "offline.kept"),
        touches: touched,
      });
    }
  };
  return (
    <>
      <div className={owed["head"]}>
        <bdi className={styles["who"]}>
          {r.from ? say("request.mine.from", { from: r.from.name }) : say("request.mine")}
        </bdi>
        <DueChip at={r.due} />
      </div>
      <Prose text={r.text} />
      {messages.map((m, i) => (
        <div key={i} className={styles["answer"]}>
          <span className={styles["ended"]}>{say("request.mine.shown", { by: m.by, when: exact(m.at, zone) })}</span>
          <Prose text={m.text} />
        </div>
      ))}
      {passing ? (
        <Suspense>
          <PassRequest request={r} onBack={() => setPassing(false)} onDone={() => setPassing(false)} />
        </Suspense>
      ) : waits ? null : (
        <form data-sends onSubmit={submit}>
          <Textarea
            autosize
            minRows={2}
            maxRows={8}
            aria-label={say("request.answer")}
            placeholder={say("request.answer.placeholder")}
            value={text}
            readOnly={busy}
            onChange={(e) => setText(e.currentTarget.value)}
          />
          <Group gap={6} mt={6} justify="flex-end">
            <DeedButton
              deed="request-pass"
              hotkey="E"
              inRow
              size="compact-sm"
              variant="subtle"
              color="gray"
              onClick={() => setPassing(true)}
            >
              {say("request.pass")}
            </DeedButton>
            <Button type="submit" size="compact-sm" color="note" loading={busy} disabled={!text.trim()}>
              {r.from ? say("request.answer.do", { name: r.from.name }) : say("request.answer.do.machine")}
            </Button>
          </Group>
        </form>
      )}
    </>
  );
}
