import { ActionIcon, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { answer, api } from "@/api/client";
import type { Person } from "@/api/types";
import { instantOf, soon } from "@/lib/time";
import { useNow } from "@/lib/now";
import { say } from "@/lib/words";
import { Section } from "@/ui/Page";
import { useDo } from "@/ui/useDo";
import { useZone } from "@/ui/Zone";

/** When somebody is not to be counted on. Whole days, in their own zone. */
export function Absences({ person }: { person: Person }) {
  const { run } = useDo();
  const now = useNow();
  const zone = useZone();
  const may = person.can.length > 0;
  const remove = (absence: string) =>
    run({
      call: () =>
        answer(api.DELETE("/api/people/{id}/absences/{absence}", { params: { path: { id: person.id, absence } } })),
      said: say("done.saved"),
      touches: [["people"]],
    });
  return (
    <Section title={say("person.absences")}>
      <Stack gap="xs">
        {person.absences.length === 0 && (
          <Text size="sm" c="dimmed">
            {say("person.absences.none")}
          </Text>
        )}
        {person.absences.map((a) => (
          <Group key={a.id} gap="sm" wrap="nowrap">
            <Text size="sm">
              {soon(a.from, now, zone)} – {soon(a.until, now, zone)}
            </Text>
            <Text size="sm" c="dimmed" flex={1}>
              <bdi>{a.note}</bdi>
            </Text>
            {may && (
              <ActionIcon
                aria-label={say("person.absence.remove", { from: soon(a.from, now, zone) })}
                onClick={() => void remove(a.id)}
              >
                <X size={15} aria-hidden />
              </ActionIcon>
            )}
          </Group>
        ))}
        {may && <AbsenceForm person={person} />}
      </Stack>
    </Section>
  );
}

function AbsenceForm({ person }: { person: Person }) {
  const { busy, run } = useDo();
  const [from, setFrom] = useState("");
  const [until, setUntil] = useState("");
  const [note, setNote] = useState("");
  const wrong = from && until && until < from;
  function submit(event: FormEvent) {
    event.preventDefault();
    const at = (date: string, time: string) => new Date(instantOf(date, time, person.zone)).toISOString();
    void run({
      call: () =>
        answer(
          api.POST("/api/people/{id}/absences", {
            params: { path: { id: person.id } },
            body: { from: at(from, "00:00"), until: at(until, "23:59"), note: note.trim() },
          }),
        ),
      then: () => {
        setFrom("");
        setUntil("");
        setNote("");
      },
      said: say("done.saved"),
      touches: [["people"]],
    });
  }
  return (
    <form onSubmit={submit}>
      <Group align="flex-end" gap="xs">
        <TextInput
          type="date"
          required
          label={say("person.absence.from")}
          description={say("person.absence.from.help")}
          value={from}
          onChange={(e) => setFrom(e.currentTarget.value)}
        />
        <TextInput
          type="date"
          required
          label={say("person.absence.until")}
          description={say("person.absence.until.help")}
          value={until}
          error={wrong ? say("person.absence.order") : undefined}
          onChange={(e) => setUntil(e.currentTarget.value)}
        />
        <TextInput
          flex={1}
          miw={140}
          label={say("person.absence.note")}
          description={say("person.absence.note.help")}
          value={note}
          onChange={(e) => setNote(e.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={busy} disabled={!from || !until || Boolean(wrong)}>
          {say("person.absence.add")}
        </Button>
      </Group>
    </form>
  );
}
