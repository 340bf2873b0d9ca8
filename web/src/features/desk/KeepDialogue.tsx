import "@/ui/forms";
import { Button, Group, Modal, Radio, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import type { Conversation, Promised } from "@/api/types";
import { useNow } from "@/lib/now";
import { brief } from "@/lib/time";
import { say } from "@/lib/words";
import { useZone } from "@/ui/Zone";
import { proofs } from "./promise";
import styles from "./Promises.module.css";

interface Props {
  conversation: Conversation;
  promise: Promised;
  onKept: (proof: { message: string } | { how: string }) => void;
  /** Absent where this person cannot answer. */
  onTell?: (() => void) | undefined;
  onClose: () => void;
}

const elsewhere = "elsewhere";

/** The proof that a promise was kept: one of our messages, or in words what was done. */
export function KeepDialogue({ conversation, promise: p, onKept, onTell, onClose }: Props) {
  const now = useNow();
  const zone = useZone();
  const messages = proofs(conversation, p).slice(0, 8);
  const [chosen, setChosen] = useState(messages[0]?.id ?? elsewhere);
  const [how, setHow] = useState("");
  const ready = chosen !== elsewhere || how.trim() !== "";
  return (
    <Modal opened onClose={onClose} title={say("promise.keep.title")}>
      <form
        onSubmit={(e) => {
          e.preventDefault();
          if (ready) {
            onKept(chosen === elsewhere ? { how: how.trim() } : { message: chosen });
          }
        }}
      >
        <Stack gap="sm">
          <blockquote className={styles["quote"]}>
            <bdi>{p.text}</bdi>
          </blockquote>
          <Radio.Group value={chosen} onChange={setChosen} label={say("promise.keep.message")}>
            <Stack gap={6} mt={6}>
              {messages.length === 0 && (
                <Text size="sm" c="dimmed">
                  {say("promise.keep.none")}
                </Text>
              )}
              {messages.map((m) => (
                <Radio
                  key={m.id}
                  value={m.id}
                  label={
                    <span className={styles["proof"]}>
                      <span className={styles["dim"]}>{brief(m.at, now, zone)}</span> <bdi>{m.text.slice(0, 140)}</bdi>
                    </span>
                  }
                />
              ))}
              <Radio value={elsewhere} label={say("promise.keep.how")} />
            </Stack>
          </Radio.Group>
          {chosen === elsewhere && (
            <Textarea
              autosize
              minRows={2}
              maxLength={1000}
              aria-label={say("promise.keep.how")}
              placeholder={say("promise.keep.how.placeholder")}
              value={how}
              onChange={(e) => setHow(e.currentTarget.value)}
            />
          )}
          {onTell && (
            <Text size="xs" c="dimmed">
              {say("promise.keep.tell.help")}
            </Text>
          )}
          <Group justify="flex-end">
            {onTell && (
              <Button variant="default" onClick={onTell}>
                {say("promise.keep.tell")}
              </Button>
            )}
            <Button type="submit" disabled={!ready}>
              {say("promise.keep.do")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
