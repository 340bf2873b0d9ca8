import { ActionIcon, Group, MultiSelect, NumberInput, Select, Stack, Switch, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { departmentsQuery } from "@/api/queries";
import type { Person, ReplayPerson } from "@/api/types";
import { say } from "@/lib/words";
import { CalendarEditor, usualHours } from "@/ui/CalendarEditor";
import styles from "./Policy.module.css";

interface Props {
  people: Person[];
  value: ReplayPerson[];
  onChange: (value: ReplayPerson[]) => void;
}

/** What would be different about people: where they work, how much they hold, and when they are there. */
export function ReplayPeople({ people, value, onChange }: Props) {
  const change = (c: ReplayPerson) => onChange(value.map((o) => (o.person === c.person ? c : o)));
  const others = people.filter((p) => !value.some((c) => c.person === p.id));
  return (
    <Stack gap="sm" mt="sm">
      {value.map((c) => (
        <Changed
          key={c.person}
          person={people.find((p) => p.id === c.person)}
          value={c}
          onChange={change}
          onRemove={() => onChange(value.filter((o) => o !== c))}
        />
      ))}
      <Select
        maw={320}
        searchable
        label={say("replay.change")}
        description={say("replay.change.help")}
        placeholder={say("replay.change.whom")}
        data={others.map((p) => ({ value: p.id, label: p.name }))}
        value={null}
        onChange={(person) => {
          const p = people.find((o) => o.id === person);
          if (p) {
            onChange([...value, { person: p.id, capacity: p.capacity, departments: p.departments.map((d) => d.id) }]);
          }
        }}
      />
    </Stack>
  );
}

interface ChangedProps {
  person: Person | undefined;
  value: ReplayPerson;
  onChange: (value: ReplayPerson) => void;
  onRemove: () => void;
}

function Changed({ person, value: c, onChange, onRemove }: ChangedProps) {
  const departments = useQuery(departmentsQuery).data ?? [];
  const name = person?.name ?? "";
  return (
    <fieldset className={styles["change"]} aria-label={name}>
      <Group align="flex-end" gap="sm">
        <Text fw={550} w={140}>
          <bdi>{name}</bdi>
        </Text>
        <MultiSelect
          className={styles["grow"]}
          searchable
          label={say("replay.change.departments")}
          description={say("replay.change.departments.help")}
          data={departments.map((d) => ({ value: d.id, label: d.name }))}
          value={c.departments ?? []}
          error={c.departments?.length === 0 && say("replay.change.none")}
          onChange={(list) => onChange({ ...c, departments: list })}
        />
        <NumberInput
          w={140}
          min={0}
          max={10000}
          allowDecimal={false}
          label={say("replay.change.capacity")}
          description={say("replay.change.capacity.help")}
          value={c.capacity ?? 0}
          onChange={(n) => onChange({ ...c, capacity: Number(n) || 0 })}
        />
        <Switch
          pb={8}
          label={say("replay.change.hours")}
          description={say("replay.change.hours.help")}
          checked={c.hours !== undefined}
          onChange={(e) =>
            onChange({
              person: c.person,
              capacity: c.capacity,
              departments: c.departments,
              hours: e.currentTarget.checked ? (person?.hours ?? usualHours(person?.zone ?? "UTC")) : undefined,
            })
          }
        />
        <ActionIcon variant="subtle" color="gray" aria-label={say("replay.change.remove", { name })} onClick={onRemove}>
          <X size={16} />
        </ActionIcon>
      </Group>
      {c.hours && <CalendarEditor value={c.hours} onChange={(hours) => onChange({ ...c, hours })} />}
    </fieldset>
  );
}
