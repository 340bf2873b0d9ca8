import { Anchor, Button, Group, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { MessageCircleQuestionMark } from "lucide-react";
import { type FormEvent, lazy, Suspense, use, useState } from "react";
import { answer, api } from "@/api/client";
import { useMe } from "@/api/session";
import type { Conversation, Request } from "@/api/types";
import { useDraft } from "@/lib/drafts";
import { Problem } from "@/lib/http";
import { useNow } from "@/lib/now";
import { sendOnce } from "@/lib/once";
import { useWaiting } from "@/lib/outbox";
import { soon } from "@/lib/time";
import { say } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { Chip } from "@/ui/Chip";
import { When } from "@/ui/Due";
import { Keys } from "@/ui/Keys";
import { Prose } from "@/ui/Prose";
import { complain, tell } from "@/ui/toast";
import { useZone } from "@/ui/Zone";
import { answerDraft, answerRequest, heard, newestAnswer, ofWhom, sorted } from "./asking";
import { useDesk } from "./DeskProvider";
import owed from "./Owed.module.css";
import styles from "./Requests.module.css";
import { WhereContext } from "./where";
import "./words";

// Read when first wanted: few pass a question on.
const PassRequest = lazy(() => import("./PassRequest").then((m) => ({ default: m.PassRequest })));

/** What is asked of others here, with its due time: to answer, or to take back. Nothing when nothing ever was. */
export function Requests({ conversation: c }: { conversation: Conversation }) {
  const [all, setAll] = useState(false);
  const { open, ended } = sorted(c.requests);
  if (open.length + ended.length === 0) {
    return null;
  }
  // What was answered last is there to be used; the rest is history.
  const fresh = c.state === "open" ? newestAnswer(c) : undefined;
  const hidden = ended.filter((r) => r.id !== fresh?.id);
  return (
    <section className={`${owed["owed"]} ${styles["requests"]}`} aria-label={say("request.title")}>
      <ul className={owed["list"]}>
        {[...(fresh ? [fresh] : []), ...open, ...(all ? hidden : [])].map((r) => (
          <li key={r.id} className={owed["one"]} data-mine={(r.mine && r.state === "open") || undefined}>
            <One request={r} conversation={c} />
          </li>
        ))}
      </ul>
      {hidden.length > 0 && (
        <Anchor component="button" type="button" size="xs" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? say("request.ended.hide") : say("request.ended.show", { n: hidden.length })}
        </Anchor>
      )}
    </section>
  );
}

function One({ request: r, conversation: c }: { request: Request; conversation: Conversation }) {
  const desk = useDesk();
  return (
    <>
      <div className={owed["head"]}>
        <MessageCircleQuestionMark size={14} aria-hidden />
        <bdi className={styles["who"]}>
          {r.from
            ? say("request.asks", { from: r.from.name, to: ofWhom(r) })
            : say("request.asks.machine", { to: ofWhom(r) })}
        </bdi>
        {r.mail && r.state === "open" && <Chip>{say("request.mailed")}</Chip>}
        {r.shows !== "conversation" && r.state === "open" && <Chip>{say(`request.shows.${r.shows}`)}</Chip>}
        {r.standIn && r.state === "open" && (
          <Chip tone="warn">
            {say("request.standIn", { who: r.standIn.person?.name ?? r.standIn.department.name })}
          </Chip>
        )}
        {r.state === "open" ? <DueChip at={r.due} /> : <When at={r.endedAt ?? r.at} />}
      </div>
      <Prose text={r.text} />
      {r.state === "open" ? (
        <Deeds request={r} conversation={c.id} />
      ) : (
        <div className={styles["answer"]}>
          <span className={styles["ended"]}>{ending(r)}</span>
          {r.answer && <Prose text={r.answer} />}
          {r.state === "answered" && r.answer && c.can.includes("reply") && c.replyAs && (
            <Button size="compact-xs" variant="default" mt={6} onClick={() => desk.useAnswer(r.answer ?? "", c)}>
              {say("request.use")}
              {r.id === newestAnswer(c)?.id && <Keys of="a" />}
            </Button>
          )}
        </div>
      )}
    </>
  );
}

function ending(r: Request): string {
  const who = r.endedBy?.name ?? "";
  if (r.state === "answered") {
    return say(r.way ? `request.answered.${r.way}` : "request.answered", { who });
  }
  if (r.state === "passed") {
    return say("request.passed", { who });
  }
  return who ? say("request.withdrawn", { who }) : say("request.withdrawn.machine");
}

/** When it is due, or since when it is late. */
export function DueChip({ at }: { at: string }) {
  const now = useNow();
  const zone = useZone();
  const when = soon(at, now, zone);
  return Date.parse(at) < now ? (
    <Chip tone="urgent">{say("request.late", { when })}</Chip>
  ) : (
    <Chip>{say("request.due", { when })}</Chip>
  );
}

/** Answers at once where it is asked of me; otherwise the field opens when somebody wants it. */
function Deeds({ request: r, conversation }: { request: Request; conversation: string }) {
  const me = useMe();
  const queries = useQueryClient();
  const where = use(WhereContext);
  const [writing, setWriting] = useState(r.mine);
  const [busy, setBusy] = useState(false);
  const [passing, setPassing] = useState(false);
  const draft = answerDraft(me.id, r.id);
  const [text, setText] = useDraft(draft);
  const path = `/api/requests/${r.id}/answer`;
  const waits = useWaiting(me.id, conversation).some((w) => w.path === path);
  const mayAnswer = r.can.includes("answer") && !waits;

  async function end(call: () => Promise<Request | undefined>, said: string) {
    setBusy(true);
    try {
      const ended = await call();
      if (!ended) {
        return tell(say("offline.kept"));
      }
      tell(said);
      await leaveOrStay();
    } catch (error) {
      complain(error);
      heard(queries, conversation);
    } finally {
      setBusy(false);
    }
  }
  /** Who was only asked sees it no longer: then the list is shown. */
  async function leaveOrStay() {
    const seen = await answer(api.GET("/api/conversations/{id}", { params: { path: { id: conversation } } })).catch(
      (error: unknown) => (error instanceof Problem && error.status === 404 ? undefined : null),
    );
    if (seen === undefined) {
      where.list();
      queries.removeQueries({ queryKey: ["conversation", conversation] });
      void queries.invalidateQueries({ queryKey: ["conversations"] });
      void queries.invalidateQueries({ queryKey: ["counts"] });
    } else {
      heard(queries, conversation);
    }
  }
  const at = { params: { path: { id: r.id } } };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() && !busy) {
      const words = { person: me.id, kind: "answer" as const, conversation, path, text: text.trim(), draft };
      void end(() => sendOnce(words, (key) => answerRequest(r.id, words.text, key)), say("request.did.answer"));
    }
  };
  const withdraw = () =>
    void end(() => answer(api.POST("/api/requests/{id}/withdraw", { ...at, body: {} })), say("request.did.withdraw"));
  if (passing) {
    return (
      <Suspense>
        <PassRequest request={r} onBack={() => setPassing(false)} onDone={() => void leaveOrStay()} />
      </Suspense>
    );
  }
  return (
    <form onSubmit={submit}>
      {mayAnswer && writing && (
        <Textarea
          autosize
          minRows={2}
          maxRows={8}
          aria-label={say("request.answer")}
          placeholder={say("request.answer.placeholder")}
          value={text}
          readOnly={busy}
          onChange={(e) => setText(e.currentTarget.value)}
          onKeyDown={(e) => {
            if (e.key === "Enter" && (e.metaKey || e.ctrlKey)) {
              submit(e);
            }
          }}
        />
      )}
      <Group gap={6} mt={6} justify="flex-end">
        {r.can.includes("pass") && (
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
        )}
        {r.can.includes("withdraw") && (
          <Button size="compact-sm" variant="subtle" color="gray" loading={busy} onClick={withdraw}>
            {say("request.withdraw")}
          </Button>
        )}
        {mayAnswer &&
          (writing ? (
            <Button type="submit" size="compact-sm" color="note" loading={busy} disabled={!text.trim()}>
              {r.from ? say("request.answer.do", { name: r.from.name }) : say("request.answer.do.machine")}
            </Button>
          ) : (
            <DeedButton
              deed="request-answer"
              hotkey="R"
              inRow
              size="compact-sm"
              variant="default"
              onClick={() => setWriting(true)}
            >
              {say("request.answer.open")}
            </DeedButton>
          ))}
      </Group>
    </form>
  );
}
