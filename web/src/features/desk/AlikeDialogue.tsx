import { Button, Checkbox, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { useMe } from "@/api/session";
import type { Row } from "@/api/types";
import { useDraft } from "@/lib/drafts";
import { soon } from "@/lib/time";
import { useNow } from "@/lib/now";
import { say } from "@/lib/words";
import { useZone } from "@/ui/Zone";
import { alikeDraft, type Prepared, prepare, rewritten, useAlike } from "./alike";
import { answerable } from "./bulk";
import styles from "./Bulk.module.css";
import "./words";

/**
 * One text for many: each answer is seen before it leaves, can be changed or left out, and leaves by itself, as a delivery of
 * its own. Who has been answered meanwhile, or has an answer on its way, is not answered again, and it is said here. The text is
 * kept until it was sent.
 */
export function AlikeDialogue({ rows, onClose }: { rows: Row[]; onClose: () => void }) {
  const [to] = useState(() => answerable(rows));
  const [text, setText] = useDraft(alikeDraft(useMe().id));
  const [drafts, setDrafts] = useState<Prepared[]>();
  const [close, setClose] = useState(false);
  const [promises, setPromises] = useState(true);
  const send = useAlike(setDrafts, { text, close, promises });
  const busy = send.doing !== undefined;
  const found = drafts?.filter((d) => !d.out && d.state !== "sent" && d.looked === d.text) ?? [];
  const promised = found.reduce((n, d) => n + (d.promises?.length ?? 0), 0);
  const remarks = found.some((d) => (d.warnings?.length ?? 0) > 0);
  const left = drafts?.filter((d) => !d.out && d.state !== "sent") ?? [];
  const done = drafts?.filter((d) => d.state === "sent").length ?? 0;
  const patch = (i: number, change: Partial<Prepared>) =>
    setDrafts((old) => old?.map((d, k) => (k === i ? { ...d, ...change } : d)));
  return (
    <Modal opened onClose={busy ? () => undefined : onClose} title={say("alike.title", { n: to.length })} size="xl">
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
            <Button disabled={!text.trim()} onClick={() => setDrafts(prepare(text, to))}>
              {say("alike.prepare")}
            </Button>
          </Group>
        </Stack>
      ) : (
        <Stack>
          <div className={styles["list"]}>
            {drafts.map((d, i) => (
              <One key={d.row.id} draft={d} busy={busy} onChange={(change) => patch(i, change)} />
            ))}
          </div>
          <Checkbox
            label={say("alike.close")}
            checked={close}
            disabled={busy}
            onChange={(e) => setClose(e.currentTarget.checked)}
          />
          {promised > 0 && (
            <Checkbox
              label={say("alike.promises", { n: promised })}
              checked={promises}
              disabled={busy}
              onChange={(e) => setPromises(e.currentTarget.checked)}
            />
          )}
          {(remarks || promised > 0) && !busy && (
            <Text size="sm" role="status">
              {say("alike.look")}
            </Text>
          )}
          <Group justify="flex-end">
            {send.doing === "sending" ? (
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
                  <Button variant="default" disabled={busy} onClick={() => setDrafts(undefined)}>
                    {say("alike.back")}
                  </Button>
                )}
                <Button loading={busy} onClick={() => void send.start(drafts)}>
                  {say("alike.send", { n: left.length })}
                </Button>
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
  draft: Prepared;
  busy: boolean;
  onChange: (change: Partial<Prepared>) => void;
}) {
  const now = useNow();
  const zone = useZone();
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
          onChange={(e) => {
            rewritten(d.row, e.currentTarget.value);
            onChange({ text: e.currentTarget.value });
          }}
        />
      )}
      {!d.out && d.state !== "sent" && d.looked === d.text && (
        <>
          {d.warnings?.map((w) => (
            <Text key={w.id} size="sm" mt={4} c="orange">
              <bdi>{w.text}</bdi>
            </Text>
          ))}
          {d.promises?.map((p) => (
            <Text key={p.text} size="sm" mt={4} c="dimmed">
              {say("alike.promise", { what: p.text, when: soon(p.due && !p.if ? p.due : p.ours, now, zone) })}
            </Text>
          ))}
        </>
      )}
      {d.state === "failed" && (
        <Text size="sm" c="red" mt={4} role="alert">
          {say("alike.failed", { why: d.why ?? "" })}
        </Text>
      )}
    </div>
  );
}
