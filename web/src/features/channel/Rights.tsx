import { ActionIcon, Button, Group, Select, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { departmentsQuery, peopleQuery } from "@/api/queries";
import type { Account, Right } from "@/api/types";
import { say } from "@/lib/words";
import { Face } from "@/ui/Face";
import { Section } from "@/ui/Page";
import { useDo } from "@/ui/useDo";

/** Who may speak as this account without an approval. */
export function Rights({ account: a }: { account: Account }) {
  const { busy, run } = useDo();
  const save = (items: Right[], before = a.people) =>
    run({
      call: () => answer(api.PUT("/api/accounts/{id}/rights", { params: { path: { id: a.id } }, body: { items } })),
      said: say("done.saved"),
      undo: () => void save(before, items),
      touches: [["accounts"]],
    });
  return (
    <Section title={say("rights.title")} help={say("rights.help")}>
      <Stack gap={6}>
        {a.people.length === 0 && (
          <Text size="sm" c="dimmed">
            {say("rights.none")}
          </Text>
        )}
        {a.people.map((r, i) => {
          const name = r.person?.name ?? r.department?.name ?? "";
          return (
            <Group key={`${name}${r.right}`} gap="sm" wrap="nowrap">
              <Face name={name} square={!r.person} size={26} />
              <Text size="sm" fw={550}>
                <bdi>{name}</bdi>
              </Text>
              <Text size="sm" c="dimmed" flex={1}>
                {say(`rights.${r.right}`)}
              </Text>
              <ActionIcon
                aria-label={say("rights.remove", { name })}
                disabled={busy}
                onClick={() => void save(a.people.filter((_, j) => j !== i))}
              >
                <X size={15} aria-hidden />
              </ActionIcon>
            </Group>
          );
        })}
        <AddRight busy={busy} onAdd={(right) => void save([...a.people, right])} />
      </Stack>
    </Section>
  );
}

function AddRight({ busy, onAdd }: { busy: boolean; onAdd: (right: Right) => void }) {
  const people = useQuery(peopleQuery()).data ?? [];
  const departments = useQuery(departmentsQuery).data ?? [];
  const [who, setWho] = useState<string | null>(null);
  const [right, setRight] = useState<Right["right"]>("speak");
  const add = () => {
    const department = departments.find((d) => d.id === who);
    const person = people.find((p) => p.id === who);
    if (department) {
      onAdd({ department: { id: department.id, name: department.name }, right });
    } else if (person) {
      onAdd({ person: { id: person.id, name: person.name }, right });
    }
    setWho(null);
  };
  return (
    <Group align="flex-end" gap="xs" mt={6}>
      <Select
        searchable
        flex="1 1 220px"
        maw={340}
        label={say("rights.who")}
        description={say("rights.who.help")}
        value={who}
        onChange={setWho}
        data={[
          { group: say("nav.departments"), items: departments.map((d) => ({ value: d.id, label: d.name })) },
          { group: say("nav.people"), items: people.map((p) => ({ value: p.id, label: p.name })) },
        ]}
      />
      <Select
        w={150}
        allowDeselect={false}
        label={say("rights.right")}
        description={say("rights.right.help")}
        value={right}
        onChange={(r) => setRight(r as Right["right"])}
        data={(["speak", "manage"] as const).map((r) => ({ value: r, label: say(`rights.${r}`) }))}
      />
      <Button variant="default" loading={busy} disabled={!who} onClick={add}>
        {say("rights.add")}
      </Button>
    </Group>
  );
}
