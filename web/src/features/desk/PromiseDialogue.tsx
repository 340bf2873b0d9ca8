import { Button, Group, Modal, NativeSelect, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { departmentsQuery, peopleQuery } from "@/api/queries";
import type { Ref } from "@/api/types";
import { useNow } from "@/lib/now";
import { say } from "@/lib/words";
import { useZone } from "@/ui/Zone";
import { delivererFrom, delivererOf, fieldOf, instantFrom } from "./promise";

/** A promise as the dialogue shows it and hands it back. */
export interface PromiseFields {
  text: string;
  due?: string | undefined;
  department: Ref;
  person?: Ref | undefined;
}

interface Props {
  title: string;
  help?: string;
  from: PromiseFields;
  save: string;
  busy?: boolean;
  onSave: (to: PromiseFields) => void;
  onClose: () => void;
}

/** What is promised, by when, and who must deliver: to note a promise, or to say one otherwise. */
export function PromiseDialogue({ title, help, from, save, busy = false, onSave, onClose }: Props) {
  const zone = useZone();
  const now = useNow();
  const [text, setText] = useState(from.text);
  const [when, setWhen] = useState(() => fieldOf(from.due, zone));
  const [who, setWho] = useState(() => delivererOf(from));
  const choices = useDeliverers(from);
  const due = when === fieldOf(from.due, zone) ? from.due : instantFrom(when, zone);
  const past = due !== undefined && due !== from.due && Date.parse(due) < now;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!text.trim() || past) {
      return;
    }
    const chosen = choices.known(who);
    onSave({ text: text.trim(), due, ...chosen });
  }
  return (
    <Modal opened onClose={onClose} title={title}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {help && (
            <Text size="sm" c="dimmed">
              {help}
            </Text>
          )}
          <Textarea
            data-autofocus
            autosize
            minRows={2}
            maxRows={6}
            maxLength={1000}
            label={say("promise.text")}
            placeholder={say("promise.text.placeholder")}
            value={text}
            onChange={(e) => setText(e.currentTarget.value)}
          />
          <TextInput
            type="datetime-local"
            label={say("promise.when")}
            description={say("promise.when.help")}
            value={when}
            error={past ? say("promise.when.past") : undefined}
            onChange={(e) => setWhen(e.currentTarget.value)}
          />
          <NativeSelect
            label={say("promise.deliverer")}
            value={who}
            onChange={(e) => setWho(e.currentTarget.value)}
            data={choices.data}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {say("do.cancel")}
            </Button>
            <Button type="submit" loading={busy} disabled={!text.trim() || past}>
              {save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Everybody who can be asked to deliver: departments, and people of them; who delivers now is always among them. */
function useDeliverers(from: PromiseFields) {
  const departments = useQuery(departmentsQuery).data ?? [];
  const people = (useQuery(peopleQuery()).data ?? []).filter(
    (p) => p.state === "active" && p.departments.length > 0 && p.role !== "viewer" && p.role !== "agency",
  );
  const all: { value: string; label: string; of: { department: Ref; person?: Ref } }[] = [
    ...departments.map((d) => ({ value: d.id, label: d.name, of: { department: { id: d.id, name: d.name } } })),
    ...people.map((p) => ({
      value: `${p.departments[0]!.id}:${p.id}`,
      label: say("request.of", { person: p.name, department: p.departments[0]!.name }),
      of: { department: p.departments[0]!, person: { id: p.id, name: p.name } },
    })),
  ];
  const now = delivererOf(from);
  if (!all.some((x) => x.value === now)) {
    const of = from.person ? { department: from.department, person: from.person } : { department: from.department };
    all.push({ value: now, label: from.person?.name ?? from.department.name, of });
  }
  const group = (person: boolean) =>
    all.filter((x) => Boolean(delivererFrom(x.value).person) === person).map(({ value, label }) => ({ value, label }));
  return {
    data: [
      { group: say("promise.deliverer.departments"), items: group(false) },
      { group: say("promise.deliverer.people"), items: group(true) },
    ].filter((g) => g.items.length > 0),
    known: (value: string) => all.find((x) => x.value === value)?.of ?? { department: from.department },
  };
}
