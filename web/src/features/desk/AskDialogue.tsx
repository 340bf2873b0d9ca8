import { Button, Group, Modal, NativeSelect, Stack, Text, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import { answer, api } from "@/api/client";
import type { Row } from "@/api/types";
import { useNow } from "@/lib/now";
import { soon } from "@/lib/time";
import { say } from "@/lib/words";
import { complain, tell } from "@/ui/toast";
import { useZone } from "@/ui/Zone";
import { heard } from "./asking";
import { snoozeChoices } from "./snooze";
import { useWhoKnows, WhoKnows } from "./WhoKnows";

/** Asks somebody who knows; the conversation stays where it is. */
export function AskDialogue({ on, onClose }: { on: Row; onClose: () => void }) {
  const queries = useQueryClient();
  const search = useWhoKnows(on);
  const { chosen } = search;
  const [text, setText] = useState("");
  const [due, setDue] = useState("");
  const [busy, setBusy] = useState(false);
  const name = chosen?.person?.name ?? chosen?.department.name;

  async function submit() {
    if (!chosen || !name || !text.trim() || busy) {
      return;
    }
    setBusy(true);
    try {
      await answer(
        api.POST("/api/conversations/{id}/requests", {
          params: { path: { id: on.id } },
          body: {
            department: chosen.department.id,
            text: text.trim(),
            ...(chosen.person ? { person: chosen.person.id } : {}),
            ...(due ? { due } : {}),
          },
        }),
      );
      heard(queries, on.id);
      tell(say("ask.did", { name }));
      onClose();
    } catch (error) {
      complain(error);
      setBusy(false);
    }
  }
  const onKey = (event: KeyboardEvent) => {
    if (search.onKey(event) || event.key !== "Enter") {
      return;
    }
    if (event.metaKey || event.ctrlKey) {
      event.preventDefault();
      void submit();
    } else if (event.target instanceof HTMLInputElement) {
      // Who is chosen; what is asked comes next.
      event.preventDefault();
      document.getElementById("ask-text")?.focus();
    }
  };

  return (
    <Modal opened onClose={onClose} title={say("ask.title", { who: on.contact.name })} size="lg" onKeyDown={onKey}>
      <Stack gap="sm">
        <WhoKnows search={search} />
        <Textarea
          id="ask-text"
          autosize
          minRows={2}
          maxRows={8}
          maxLength={2000}
          label={say("ask.text")}
          placeholder={say("ask.text.placeholder")}
          value={text}
          onChange={(e) => setText(e.currentTarget.value)}
        />
        <DueChoice value={due} onChange={setDue} />
        <Text size="xs" c="dimmed">
          {say("ask.help")}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {say("do.cancel")}
          </Button>
          <Button color="note" loading={busy} disabled={!chosen || !text.trim()} onClick={() => void submit()}>
            {name ? say("ask.do", { name }) : say("do.ask")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function DueChoice({ value, onChange }: { value: string; onChange: (due: string) => void }) {
  const now = useNow();
  const zone = useZone();
  // As it was when the dialogue opened: a time that is chosen stays the same time.
  const [choices] = useState(() => snoozeChoices(now, zone));
  return (
    <NativeSelect
      label={say("ask.due")}
      value={value}
      onChange={(e) => onChange(e.currentTarget.value)}
      data={[
        { value: "", label: say("ask.due.usual") },
        ...choices.map((c) => ({ value: c.until, label: `${c.name} (${soon(c.until, now, zone)})` })),
      ]}
    />
  );
}
