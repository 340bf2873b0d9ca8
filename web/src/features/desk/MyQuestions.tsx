import { Button, Group, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, lazy, Suspense, useState } from "react";
import { answer, api } from "@/api/client";
import { myRequestsQuery } from "@/api/queries";
import { useMe } from "@/api/session";
import type { MyQuestion } from "@/api/types";
import { useDraft } from "@/lib/drafts";
import { exact } from "@/lib/time";
import { say } from "@/lib/words";
import { Prose } from "@/ui/Prose";
import { useDo } from "@/ui/useDo";
import { useZone } from "@/ui/Zone";
import { DueChip } from "./Requests";
import owed from "./Owed.module.css";
import styles from "./Requests.module.css";
import "./words";

// Read when first wanted: few pass a question on.
const PassRequest = lazy(() => import("./PassRequest").then((m) => ({ default: m.PassRequest })));

/** What is asked of me where I may not see the conversation: the question, what I may see, and the answer, on the spot. */
export function MyQuestions() {
  const list = (useQuery(myRequestsQuery).data ?? []).filter((q) => q.request.shows !== "conversation");
  if (list.length === 0) {
    return null;
  }
  return (
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
}

const touched = [["my-requests"], ["counts"], ["conversations"]];

function One({ question: { request: r, messages } }: { question: MyQuestion }) {
  const me = useMe();
  const zone = useZone();
  const { busy, run } = useDo();
  const [passing, setPassing] = useState(false);
  const [text, setText] = useDraft(`${me.id}:${r.id}:answer`);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) {
      const body = { text: text.trim() };
      void run({
        call: () => answer(api.POST("/api/requests/{id}/answer", { params: { path: { id: r.id } }, body })),
        said: say("request.did.answer"),
        then: () => setText(""),
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
      ) : (
        <form onSubmit={submit}>
          <Textarea
            autosize
            minRows={2}
            maxRows={8}
            aria-label={say("request.answer")}
            placeholder={say("request.answer.placeholder")}
            value={text}
            onChange={(e) => setText(e.currentTarget.value)}
          />
          <Group gap={6} mt={6} justify="flex-end">
            <Button size="compact-sm" variant="subtle" color="gray" onClick={() => setPassing(true)}>
              {say("request.pass")}
            </Button>
            <Button type="submit" size="compact-sm" color="note" loading={busy} disabled={!text.trim()}>
              {r.from ? say("request.answer.do", { name: r.from.name }) : say("request.answer.do.machine")}
            </Button>
          </Group>
        </form>
      )}
    </>
  );
}
