import {
  Button,
  Group,
  MultiSelect,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { answer, api } from "@/api/client";
import { departmentsQuery, personQuery } from "@/api/queries";
import { useMe } from "@/api/session";
import type { Calendar, Person, PersonChange, Role } from "@/api/types";
import { zones } from "@/lib/time";
import { say } from "@/lib/words";
import { Async } from "@/ui/Async";
import { Face } from "@/ui/Face";
import { fieldErrors, required } from "@/ui/form";
import { Page, Section } from "@/ui/Page";
import { useDo } from "@/ui/useDo";
import { Absences } from "./Absences";
import { OwnHours } from "./OwnHours";
import { Presence } from "./People";
import { ResetLink } from "./ResetLink";
import { roleChoices } from "./roles";

export function PersonPage({ id }: { id: string }) {
  return <Async of={useQuery(personQuery(id))}>{(person) => <Loaded key={person.id} person={person} />}</Async>;
}

function Loaded({ person }: { person: Person }) {
  const { busy, run } = useDo();
  const me = useMe();
  const manages = person.can.includes("manage");
  const disabled = person.state === "disabled";
  const setState = (state: Person["state"]) =>
    run({
      call: () => answer(api.PATCH("/api/people/{id}", { params: { path: { id: person.id } }, body: { state } })),
      said: say("done.saved"),
      undo: () => void setState(person.state),
      touches: [["people"]],
    });
  return (
    <Page
      narrow
      before={<Face name={person.name} size={36} />}
      title={person.name}
      summary={
        <Group gap="sm">
          {person.email}
          <Presence person={person} />
          {(me.can.includes("see.all") || person.id === me.id) && (
            <Link to="/promises" search={{ person: person.id }}>
              {say("nav.promises")}
            </Link>
          )}
        </Group>
      }
      deeds={
        manages &&
        person.id !== me.id && (
          <Group gap="xs">
            {!disabled && <ResetLink person={person} />}
            <Button variant="default" loading={busy} onClick={() => setState(disabled ? "active" : "disabled")}>
              {say(disabled ? "person.enable" : "person.disable")}
            </Button>
          </Group>
        )
      }
    >
      <WorkForm person={person} />
      <Absences person={person} />
      <Hours person={person} />
    </Page>
  );
}

/** What is known of somebody's work: shown to all, changed by themselves and those who may. */
export function WorkForm({ person }: { person: Person }) {
  const { busy, run } = useDo();
  const departments = useQuery(departmentsQuery).data ?? [];
  const own = person.can.includes("edit");
  const arranges = person.can.includes("arrange") || person.can.includes("manage");
  const manages = person.can.includes("manage");
  const form = useForm({
    initialValues: {
      name: person.name,
      role: person.role,
      zone: person.zone,
      departments: person.departments.map((d) => d.id),
      skills: person.skills,
      languages: person.languages,
      capacity: person.capacity,
    },
    validate: { name: required },
  });
  return (
    <form
      onSubmit={form.onSubmit((values) =>
        run({
          call: () =>
            answer(
              api.PATCH("/api/people/{id}", { params: { path: { id: person.id } }, body: changed(person, values) }),
            ),
          said: say("done.saved"),
          then: () => form.resetDirty(values),
          touches: [["people"], ["departments"], ["session"]],
          failed: (error) => form.setErrors(fieldErrors(error)),
        }),
      )}
    >
      <Section title={say("person.work")}>
        <Stack gap="sm">
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" style={{ alignItems: "end" }}>
            <TextInput label={say("invite.name")} disabled={!own && !manages} {...form.getInputProps("name")} />
            <Select
              label={say("person.zone")}
              description={say("person.zone.help")}
              searchable
              allowDeselect={false}
              disabled={!own && !manages}
              data={zones()}
              {...form.getInputProps("zone")}
            />
            <Select
              label={say("invite.role")}
              description={say(`role.${form.values.role}.help`)}
              allowDeselect={false}
              disabled={!manages}
              data={roleChoices()}
              {...form.getInputProps("role")}
            />
            <NumberInput
              label={say("person.capacity")}
              description={say("person.capacity.help")}
              min={0}
              max={10000}
              disabled={!arranges}
              {...form.getInputProps("capacity")}
            />
          </SimpleGrid>
          <MultiSelect
            label={say("invite.departments")}
            description={say("invite.departments.help")}
            disabled={!manages}
            searchable
            data={departments.map((d) => ({ value: d.id, label: d.name }))}
            {...form.getInputProps("departments")}
          />
          <TagsInput
            label={say("person.skills")}
            description={say("person.skills.help")}
            disabled={!own && !arranges}
            splitChars={[","]}
            acceptValueOnBlur
            {...form.getInputProps("skills")}
          />
          <TagsInput
            label={say("person.languages")}
            description={say("person.languages.help")}
            disabled={!own && !arranges}
            splitChars={[",", " "]}
            acceptValueOnBlur
            {...form.getInputProps("languages")}
          />
          {(own || arranges) && (
            <Group>
              <Button type="submit" loading={busy} disabled={!form.isDirty()}>
                {say("do.save")}
              </Button>
            </Group>
          )}
        </Stack>
      </Section>
    </form>
  );
}

/** Only what is not as it was: others' changes meanwhile stay, and nobody sends what they may not. */
function changed(
  person: Person,
  values: {
    name: string;
    role: string;
    zone: string;
    departments: string[];
    skills: string[];
    languages: string[];
    capacity: number;
  },
): PersonChange {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  const departments = person.departments.map((d) => d.id);
  return {
    ...(values.name !== person.name ? { name: values.name } : {}),
    ...(values.role !== person.role ? { role: values.role as Role } : {}),
    ...(values.zone !== person.zone ? { zone: values.zone } : {}),
    ...(!same(values.departments, departments) ? { departments: values.departments } : {}),
    ...(!same(values.skills, person.skills) ? { skills: values.skills } : {}),
    ...(!same(values.languages, person.languages) ? { languages: values.languages } : {}),
    ...(values.capacity !== person.capacity ? { capacity: Number(values.capacity) } : {}),
  };
}

function Hours({ person }: { person: Person }) {
  const { run } = useDo();
  const save = (hours: Calendar | undefined) =>
    run({
      call: () =>
        answer(
          api.PATCH("/api/people/{id}", {
            params: { path: { id: person.id } },
            // Hours without a week: back to the organisation's.
            body: { hours: hours ?? ({ zone: person.zone } as Calendar) },
          }),
        ),
      said: say("done.saved"),
      touches: [["people"]],
    });
  return (
    <Section title={say("person.hours")}>
      <OwnHours
        value={person.hours}
        zone={person.zone}
        label={say("person.hours.own")}
        help={say("person.hours.own.help")}
        without={
          <Text size="sm" c="dimmed">
            {say("person.hours.company")}
          </Text>
        }
        disabled={person.can.length === 0}
        onSave={save}
      />
    </Section>
  );
}
