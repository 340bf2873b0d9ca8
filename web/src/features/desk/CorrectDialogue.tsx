import { Button, Group, Modal, NativeSelect, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import "@/ui/forms";
import { conversationQuery } from "@/api/queries";
import type { Conversation, Row } from "@/api/types";
import { say } from "@/lib/words";
import { useDesk } from "./DeskProvider";
import { type Understood, understood, useChoices } from "./understood";
import "./words";

/** What was understood of a conversation, to be corrected by keyboard alone. */
export function CorrectDialogue({ on, onClose }: { on: Row; onClose: () => void }) {
  const { data } = useQuery(conversationQuery(on.id));
  return (
    <Modal opened onClose={onClose} title={say("correct.title")} size="sm">
      {data && <Form conversation={data} onClose={onClose} />}
    </Modal>
  );
}

function Form({ conversation: c, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { deeds } = useDesk();
  const is = understood(c);
  const choices = useChoices(is);
  const [said, setSaid] = useState<Understood>(is);
  async function save() {
    if (said.intent !== is.intent) {
      await deeds.correct(c, said.intent);
    }
    if (said.urgency !== is.urgency) {
      await deeds.urgency(c, said.urgency);
    }
    if (said.language !== is.language) {
      await deeds.language(c, said.language);
    }
    if (said.needs !== is.needs) {
      await deeds.needs(c, said.needs); // the last: it may leave the list
    }
  }
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        onClose();
        void save();
      }}
    >
      <Stack>
        <NativeSelect
          data-autofocus
          label={say("correct.intent")}
          data={choices.intent}
          value={said.intent}
          onChange={(e) => setSaid({ ...said, intent: e.currentTarget.value })}
        />
        <NativeSelect
          label={say("correct.urgency")}
          data={choices.urgency}
          value={said.urgency}
          onChange={(e) => setSaid({ ...said, urgency: e.currentTarget.value as Understood["urgency"] })}
        />
        <NativeSelect
          label={say("correct.answer")}
          data={choices.needs}
          value={said.needs}
          onChange={(e) => setSaid({ ...said, needs: e.currentTarget.value as Understood["needs"] })}
        />
        <NativeSelect
          label={say("correct.language")}
          data={choices.language}
          value={said.language}
          onChange={(e) => setSaid({ ...said, language: e.currentTarget.value })}
        />
        <Text size="sm" c="dimmed">
          {say("correct.help")}
        </Text>
        <Group justify="flex-end">
          <Button type="submit">{say("do.save")}</Button>
        </Group>
      </Stack>
    </form>
  );
}
