import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Row } from "@/api/types";
import { say } from "@/lib/words";
import { useDesk } from "./DeskProvider";
import "./words";

/** It was answered where we cannot see: by telephone, by letter, on the channel itself. */
export function AnsweredDialogue({ on, onClose }: { on: Row; onClose: () => void }) {
  const { deeds } = useDesk();
  const [how, setHow] = useState("");
  return (
    <Modal opened onClose={onClose} title={say("answered.title")} size="sm">
      <form
        onSubmit={(e) => {
          e.preventDefault();
          onClose();
          void deeds.answered(on, how.trim());
        }}
      >
        <Stack>
          <Text size="sm" c="dimmed">
            {say("answered.help")}
          </Text>
          <TextInput
            data-autofocus
            required
            label={say("answered.how")}
            placeholder={say("answered.how.placeholder")}
            value={how}
            onChange={(e) => setHow(e.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button type="submit" disabled={!how.trim()}>
              {say("do.answered")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
