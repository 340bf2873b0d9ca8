import { Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { type FormEvent, useCallback, useEffect, useMemo, useState } from "react";
import { answer, api } from "@/api/client";
import type { Answering } from "@/api/types";
import { keepDraft, useDraft } from "@/lib/drafts";
import { sentence } from "@/lib/http";
import { useNow } from "@/lib/now";
import { sendOnce } from "@/lib/once";
import { lineIsGone, takeBack, useFlush, useWaiting, type Written } from "@/lib/outbox";
import { exact } from "@/lib/time";
import { say } from "@/lib/words";
import { WaitingPage } from "@/ui/Async";
import { Door } from "@/ui/Door";
import { Prose } from "@/ui/Prose";
import { complain, tell } from "@/ui/toast";
import { useDo } from "@/ui/useDo";
import styles from "./Answer.module.css";
import { PassOn } from "./PassOn";

/** The one question a link of an e-mail is for: read it, answer it, and be done. Nobody signs in here. */
export function AnswerPage({ token }: { token: string }) {
  const [did, setDid] = useState<"answered" | "passed">();
  const question = useQuery({
    queryKey: ["answer", token],
    queryFn: () => answer(api.GET("/api/answer", { params: { header: { "Request-Token": token } } })),
    retry: false,
    // Somebody else may answer meanwhile: who comes back to the page sees it.
    refetchOnWindowFocus: "always",
  });
  const writer = writerOf(token);
  const header = useMemo(() => ({ "Request-Token": token }), [token]);
  const done = useCallback(() => setDid("answered"), []);
  useFlush(writer, done, header);
  const { kept, lost } = useKept(writer, question);
  if (question.isPending) {
    return <WaitingPage />;
  }
  // Without a line the question that was read stays; so do the words that are being written.
  if (question.error && !(question.data && lineIsGone(question.error))) {
    return (
      <Door title={say("answer.bad")}>
        <Text>{sentence(question.error)}</Text>
        {lost && <NotSent text={lost} />}
      </Door>
    );
  }
  const q = question.data;
  if (did) {
    return (
      <Door title={say("answer.done.thanks")}>
        <Text role="status">
          {did === "answered"
            ? say("answer.done.thanks.text", { from: q.from })
            : say("answer.passed.did", { by: q.by ?? "" })}
        </Text>
      </Door>
    );
  }
  return q.state === "open" ? (
    <Open question={q} token={token} writer={writer} kept={kept} onDone={setDid} />
  ) : (
    <Over question={q} lost={lost} />
  );
}

/** Words that came too late: nobody has them but who wrote them, and here they stand for the last time. */
function NotSent({ text }: { text: string }) {
  return (
    <section className={styles["kept"]} aria-label={say("answer.notSent")}>
      <Text size="sm" role="alert" mb={6}>
        {say("answer.notSent.text")}
      </Text>
      <Prose text={text} />
      <Button
        mt="sm"
        size="compact-sm"
        variant="default"
        onClick={() =>
          void navigator.clipboard.writeText(text).then(() => tell(say("answer.notSent.copied")), complain)
        }
      >
        {say("answer.notSent.copy")}
      </Button>
    </section>
  );
}

function Over({ question: q, lost }: { question: Answering; lost: string | undefined }) {
  const filling = { by: q.by ?? "", from: q.from, when: q.at ? exact(q.at, q.zone) : "" };
  const state = q.state === "open" ? "gone" : q.state;
  return (
    <Door title={say(`answer.over.${state}`)}>
      <Text role="status">{say(`answer.over.${state}.text`, filling)}</Text>
      {lost && <NotSent text={lost} />}
    </Door>
  );
}

interface OpenProps {
  question: Answering;
  token: string;
  writer: string;
  kept: Written | undefined;
  onDone: (did: "answered" | "passed") => void;
}

function Open({ question: q, token, writer, kept, onDone }: OpenProps) {
  const now = useNow();
  const [passing, setPassing] = useState(false);
  const late = q.due !== undefined && Date.parse(q.due) < now;
  return (
    <Door wide title={say("answer.title", { from: q.from })}>
      <Stack gap="md">
        <Text size="sm" c="dimmed" mt={-12}>
          {say("answer.for", { person: q.person, organisation: q.organisation })}
        </Text>
        <div className={styles["question"]}>
          <Prose text={q.text ?? ""} />
        </div>
        {q.due && (
          <Text size="sm" {...(late ? { c: "var(--sb-urgent)" } : {})}>
            {say(late ? "answer.late" : "answer.due", { when: exact(q.due, q.zone) })}
          </Text>
        )}
        {passing ? (
          <PassOn question={q} token={token} onBack={() => setPassing(false)} onDone={() => onDone("passed")} />
        ) : (
          <Writing
            question={q}
            token={token}
            writer={writer}
            kept={kept}
            onPass={() => setPassing(true)}
            onDone={onDone}
          />
        )}
        <Shown question={q} />
        <Text size="xs" c="dimmed">
          {say("answer.foot", { when: exact(q.expires, q.zone) })}
        </Text>
      </Stack>
    </Door>
  );
}

/** What may be seen beside the question, the newest last. */
function Shown({ question: q }: { question: Answering }) {
  if (q.messages.length === 0) {
    return null;
  }
  return (
    <section aria-label={say("answer.shown")}>
      <Text size="sm" fw={600} mb={6}>
        {say("answer.shown")}
      </Text>
      <ol className={styles["messages"]}>
        {q.messages.map((m, i) => (
          <li key={i} className={styles["message"]} data-own={m.own || undefined}>
            <Text size="xs" c="dimmed">
              <bdi>{m.by}</bdi>, {exact(m.at, q.zone)}
              {m.files > 0 && `, ${say("answer.files", { n: m.files })}`}
            </Text>
            <Prose text={m.text} />
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Puts what is not sent back to where it was written; what was sent meanwhile is left. */
async function backToForm(w: Written) {
  if (await takeBack(w)) {
    keepDraft(w.draft, w.text);
  }
}

/**
 * By what the words kept here are known to be of this link, whatever has become of its question: by a part of what can be
 * reckoned from the link, from which nobody finds the link again.
 */
function writerOf(token: string): string {
  let sum = 0;
  for (const letter of token) {
    sum = (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0;
  }
  return `answer:${sum.toString(36)}`;
}

/**
 * What was written here without a connection, until it is sent. The link itself is not kept with it: who opens it again
 * sends it. What the server refuses stands in the form again while the question is open; if it ended meanwhile, it is
 * shown once and kept no longer, unless it is the answer that arrived.
 */
function useKept(writer: string, question: UseQueryResult<Answering>) {
  const [kept] = useWaiting(writer);
  const [lost, setLost] = useState<string>();
  const [asked, setAsked] = useState("");
  const { data: q, error, isFetching, refetch } = question;
  const over = error && !lineIsGone(error) ? true : q && q.state !== "open";
  const arrived = q?.state === "answered" && q.by === q.person;
  const stuck = kept && (kept.state === "refused" || kept.state === "unclear") ? kept : undefined;
  useEffect(() => {
    // Keeps what is shown in step with what became of the words, once it is known what became of the question.
    if (!kept || isFetching || kept.state === "sending") {
      return;
    }
    if (over) {
      void takeBack(kept).then((there) => there && !arrived && setLost(kept.text));
    } else if (stuck && asked !== stuck.id) {
      setAsked(stuck.id);
      void refetch();
    } else if (stuck) {
      void backToForm(stuck);
      if (stuck.why) {
        complain(new Error(stuck.why));
      }
    }
  }, [kept, stuck, asked, over, arrived, isFetching, refetch]);
  return { kept: stuck ? undefined : kept, lost };
}

function Writing({
  question: q,
  token,
  writer,
  kept,
  onPass,
  onDone,
}: Omit<OpenProps, "onDone"> & {
  onPass: () => void;
  onDone: (did: "answered") => void;
}) {
  const { busy, run } = useDo();
  const queries = useQueryClient();
  const draft = `answer:${q.asked}`;
  const [text, setText] = useDraft(draft);
  const [reminded, setReminded] = useState("");
  const header = useMemo(() => ({ "Request-Token": token }), [token]);
  const again = useCallback(() => void queries.invalidateQueries({ queryKey: ["answer", token] }), [queries, token]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) {
      const words = {
        person: writer,
        kind: "answer" as const,
        conversation: writer,
        path: "/api/answer",
        text: text.trim(),
        draft,
      };
      void run({
        call: () =>
          sendOnce(words, () => answer(api.POST("/api/answer", { params: { header }, body: { text: words.text } }))),
        then: (is) => {
          if (is) {
            queries.setQueryData(["answer", token], is);
            onDone("answered");
          }
        },
        failed: again,
      });
    }
  };
  const later = (when: "hour" | "tomorrow") =>
    run({
      call: () => answer(api.POST("/api/answer/later", { params: { header }, body: { when } })),
      then: ({ at }) => setReminded(at),
      failed: again,
    });
  if (kept) {
    return (
      <section className={styles["kept"]} aria-label={say("offline.title")}>
        <Text size="sm" role="status" mb={6}>
          {say("answer.kept")}
        </Text>
        <Prose text={kept.text} />
        {kept.state === "waiting" && (
          <Button mt="sm" size="compact-sm" variant="default" onClick={() => void backToForm(kept)}>
            {say("offline.takeBack")}
          </Button>
        )}
      </section>
    );
  }
  return (
    <form onSubmit={submit}>
      <Textarea
        autosize
        minRows={4}
        maxRows={14}
        maxLength={20000}
        dir="auto"
        label={say("answer.text")}
        description={say("answer.text.help", { from: q.from })}
        inputWrapperOrder={["label", "input", "description"]}
        value={text}
        readOnly={busy}
        onChange={(e) => setText(e.currentTarget.value)}
      />
      <Stack gap="xs" mt="sm">
        <Button type="submit" size="md" loading={busy} disabled={!text.trim()}>
          {say("answer.do")}
        </Button>
        <Group gap="xs" grow preventGrowOverflow={false}>
          <Button variant="default" onClick={onPass}>
            {say("answer.cannot")}
          </Button>
          {q.later.map(({ when }) =>
            when === "hour" || when === "tomorrow" ? (
              <Button key={when} variant="subtle" disabled={busy} onClick={() => void later(when)}>
                {say("answer.later")}: {say(`answer.later.${when}`)}
              </Button>
            ) : null,
          )}
        </Group>
        {reminded && (
          <Text size="sm" role="status">
            {say("answer.later.did", { when: exact(reminded, q.zone) })}
          </Text>
        )}
      </Stack>
    </form>
  );
}
