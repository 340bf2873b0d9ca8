import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { learn, say } from "@/lib/words";
import { promiseWords } from "@/lib/words/promise";

learn({ ...promiseWords });

interface Props {
  title: string;
  help: string;
  does: string;
  /** What can be done instead. */
  instead?: ReactNode;
  onDo: (reason: string) => void;
  onClose: () => void;
}

/** Asks why, before something is done that others will want to understand. */
export function ReasonDialogue({ title, help, does, instead, onDo, onClose }: Props) {
  const [reason, setReason] = useState("");
  return (
    <Modal opened onClose={onClose} title={title} size="sm">
      <form
        onSubmit={(e) => {
          e.preventDefault();
          if (reason.trim()) {
            onDo(reason.trim());
          }
        }}
      >
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {help}
          </Text>
          <Textarea
            data-autofocus
            autosize
            minRows={2}
            maxRows={5}
            maxLength={500}
            label={say("promise.reason")}
            placeholder={say("promise.reason.placeholder")}
            value={reason}
            onChange={(e) => setReason(e.currentTarget.value)}
          />
          <Group justify="flex-end">
            {instead}
            <Button type="submit" disabled={!reason.trim()}>
              {does}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Before a conversation is closed in which something is promised. */
export function CloseDialogue({
  n,
  onDo,
  onClose,
  onKeep = onClose,
}: {
  n: number;
  onDo: (reason: string) => void;
  onClose: () => void;
  /** What goes on where it is kept open; nothing when absent. */
  onKeep?: () => void;
}) {
  return (
    <ReasonDialogue
      title={say("promise.close.title")}
      help={say("promise.close.help", { n })}
      does={say("promise.close.do")}
      instead={
        <Button variant="default" onClick={onKeep}>
          {say("promise.close.keep")}
        </Button>
      }
      onDo={onDo}
      onClose={onClose}
    />
  );
}
