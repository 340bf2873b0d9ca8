import { Button, Checkbox, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { answer, api } from "@/api/client";
import type { Row } from "@/api/types";
import { sentence } from "@/lib/http";
import { say } from "@/lib/words";
import { tell } from "@/ui/toast";
import { answerable } from "./bulk";
import styles from "./Bulk.module.css";

interface Draft {
  row: Row;
  text: string;
  out: boolean;
  state: "ready" | "sent" | "failed";
  why?: string;
}

/** What a text becomes for one: their name in the place of {name}. */
export function filled(text: string, row: Row): string {
  return text.replaceAll("{name}", row.contact.name || row.contact.handle);
}

/**
 * One text for many: each answer is seen before it leaves, can be changed or left out, and leaves by itself, as a delivery of
 * its own. Who has been answered meanwhile is not answered again: the server refuses it, and it is said here.
 */
export function AlikeDialogue({ rows, onClose }: { rows: Row[]; onClose: () => void }) {
  const [to] = useState(() => answerable(rows));
  const [text, setText] = useState("");
  const [drafts, setDrafts] = useState<Draft[]>();
  const [close, setClose] = useState(false);
  const send = useSending(setDrafts, close);
  const left = drafts?.filter((d) => !d.out && d.state !== "sent") ?? [];
  const done = drafts?.filter((d) => d.state === "sent").length ?? 0;
  const patch = (i: number, change: Partial<Draft>) =>
    setDrafts((old) => old?.map((d, k) => (k === i ? { ...d, ...change } : d)));
  return (
    <Modal
      opened
      onClose={send.sending ? () => undefined : onClose}
      title={say("alike.title", { n: to.length })}
      size="xl"
    >
      {to.length === 0 ? (
        <Text c="dimmed">{say("alike.cannot")}</Text>
      ) : !drafts ? (
        <Stack>
          <Textarea
            data-autofocus
            autosize
            minRows={4}
            maxRows={12}
            label={say("alike.text")}
            description={say("alike.help")}
            placeholder={say("alike.placeholder")}
            value={text}
            onChange={(e) => setText(e.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button
              disabled={!text.trim()}
              onClick={() => setDrafts(to.map((row) => ({ row, text: filled(text, row), out: false, state: "ready" })))}
            >
              {say("alike.prepare")}
            </Button>
          </Group>
        </Stack>
      ) : (
        <Stack>
          <div className={styles["list"]}>
            {drafts.map((d, i) => (
              <One key={d.row.id} draft={d} busy={send.sending} onChange={(change) => patch(i, change)} />
            ))}
          </div>
          <Checkbox
            label={say("alike.close")}
            checked={close}
            disabled={send.sending}
            onChange={(e) => setClose(e.currentTarget.checked)}
          />
          <Group justify="flex-end">
            {send.sending ? (
              <>
                <Text size="sm" c="dimmed" role="status">
                  {say("bulk.working", { done, n: done + left.length })}
                </Text>
                <Button variant="default" onClick={send.stop}>
                  {say("bulk.stop")}
                </Button>
              </>
            ) : left.length === 0 ? (
              <Button onClick={onClose}>{say("do.close")}</Button>
            ) : (
              <>
                {done === 0 && (
                  <Button variant="default" onClick={() => setDrafts(undefined)}>
                    {say("alike.back")}
                  </Button>
                )}
                <Button onClick={() => void send.start(drafts)}>{say("alike.send", { n: left.length })}</Button>
              </>
            )}
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

function One({
  draft: d,
  busy,
  onChange,
}: {
  draft: Draft;
  busy: boolean;
  onChange: (change: Partial<Draft>) => void;
}) {
  const title = `${say("alike.to", { who: d.row.contact.name, account: d.row.account.handle })}, ${say(d.row.private ? "alike.private" : "alike.public")}`;
  return (
    <div className={styles["each"]} role="group" aria-label={title} data-out={d.out || undefined}>
      <Group justify="space-between" wrap="nowrap" mb={4}>
        <Text size="sm" fw={550}>
          {title}
        </Text>
        {d.state === "sent" ? (
          <Text size="sm" c="green">
            {say("alike.sent")}
          </Text>
        ) : (
          <Button size="compact-xs" variant="subtle" disabled={busy} onClick={() => onChange({ out: !d.out })}>
            {say(d.out ? "alike.take" : "alike.skip")}
          </Button>
        )}
      </Group>
      <Text size="xs" c="dimmed" mb={4} lineClamp={2}>
        <bdi>{d.row.excerpt}</bdi>
      </Text>
      {!d.out && d.state !== "sent" && (
        <Textarea
          autosize
          maxRows={8}
          aria-label={title}
          value={d.text}
          disabled={busy}
          onChange={(e) => onChange({ text: e.currentTarget.value })}
        />
      )}
      {d.state === "failed" && (
        <Text size="sm" c="red" mt={4} role="alert">
          {say("alike.failed", { why: d.why ?? "" })}
        </Text>
      )}
    </div>
  );
}

/** Sends what is prepared, one by one, until it is stopped. */
function useSending(setDrafts: (change: (old: Draft[] | undefined) => Draft[] | undefined) => void, close: boolean) {
  const queries = useQueryClient();
  const [sending, setSending] = useState(false);
  const stopped = useRef(false);
  const start = async (drafts: Draft[]) => {
    stopped.current = false;
    setSending(true);
    const todo = drafts.filter((d) => !d.out && d.state !== "sent");
    let sent = 0;
    let tried = 0;
    for (const d of todo) {
      if (stopped.current) {
        break;
      }
      tried++;
      const result = await one(d, close);
      sent += result.state === "sent" ? 1 : 0;
      setDrafts((old) => old?.map((x) => (x.row.id === d.row.id ? { ...x, ...result } : x)));
    }
    setSending(false);
    tell(tried < todo.length ? say("alike.stopped", { n: todo.length - tried }) : say("alike.done", { n: sent }));
    ["conversations", "thread", "incident", "counts"].forEach((k) => void queries.invalidateQueries({ queryKey: [k] }));
  };
  return { sending, start, stop: () => (stopped.current = true) };
}

/** Sends one, unless somebody has answered since its row was read. */
async function one(d: Draft, close: boolean): Promise<Pick<Draft, "state" | "why">> {
  try {
    const c = await answer(api.GET("/api/conversations/{id}", { params: { path: { id: d.row.id } } }));
    const since = c.timeline.some((e) => e.kind === "message" && e.direction === "out" && e.at > d.row.lastAt);
    if (since || c.state !== "open") {
      return { state: "failed", why: say("alike.meanwhile") };
    }
    const seen = c.timeline[c.timeline.length - 1]?.id;
    await answer(
      api.POST("/api/conversations/{id}/reply", {
        params: { path: { id: d.row.id } },
        body: { text: d.text, account: d.row.account.id, then: close ? "close" : "waiting", ...(seen ? { seen } : {}) },
      }),
    );
    return { state: "sent" };
  } catch (error) {
    return { state: "failed", why: sentence(error) };
  }
}
