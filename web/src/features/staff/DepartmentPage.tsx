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
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { departmentsQuery, intentsQuery } from "@/api/queries";
import { useMay, useMe } from "@/api/session";
import type { Calendar, Department } from "@/api/types";
import { say } from "@/lib/words";
import { Async, Empty } from "@/ui/Async";
import { Face } from "@/ui/Face";
import { fieldErrors, required } from "@/ui/form";
import { Card, Page, Section } from "@/ui/Page";
import { useDo } from "@/ui/useDo";
import { useZone } from "@/ui/Zone";
import { OwnHours } from "./OwnHours";
import styles from "./Staff.module.css";

export function DepartmentPage({ id }: { id: string }) {
  const query = useQuery(departmentsQuery);
  return (
    <Async of={query}>
      {(all) => {
        const department = all.find((d) => d.id === id);
        return department ? (
          <Loaded key={id} department={department} others={all.filter((d) => d.id !== id)} />
        ) : (
          <Empty>{say("app.notFound")}</Empty>
        );
      }}
    </Async>
  );
}

interface Props {
  department: Department;
  others: Department[];
}

function Loaded({ department: d, others }: Props) {
  const me = useMe();
  const manages = d.can.includes("manage");
  return (
    <Page
      narrow
      before={<Face name={d.name} square size={36} />}
      title={d.name}
      summary={d.operator ? say("departments.operator") : d.summary}
      deeds={
        (me.can.includes("see.all") || me.departments.some((x) => x.id === d.id)) && (
          <Link to="/promises" search={{ department: d.id }}>
            {say("nav.promises")}
          </Link>
        )
      }
    >
      <DepartmentForm department={d} others={others} disabled={!manages} />
      <Members department={d} />
      {d.waiting > 0 && <Queue department={d} />}
      <Hours department={d} disabled={!manages} />
      {manages && !d.operator && others.length > 0 && <Remove department={d} others={others} />}
    </Page>
  );
}

function DepartmentForm({ department: d, others, disabled }: Props & { disabled: boolean }) {
  const { busy, run } = useDo();
  const intents = useQuery(intentsQuery).data ?? [];
  const form = useForm({
    initialValues: {
      name: d.name,
      summary: d.summary,
      phrases: d.phrases,
      intents: d.intents,
      standIn: d.standIn?.id ?? null,
      takeBack: d.takeBack,
      moveOn: d.moveOn,
      precision: d.precision,
      targets: d.targets,
    },
    validate: { name: required },
  });
  return (
    <form
      onSubmit={form.onSubmit((values) =>
        run({
          call: () =>
            answer(
              api.PATCH("/api/departments/{id}", {
                params: { path: { id: d.id } },
                body: { ...values, standIn: values.standIn ?? "" },
              }),
            ),
          said: say("done.saved"),
          then: () => form.resetDirty(values),
          touches: [["departments"]],
          failed: (error) => form.setErrors(fieldErrors(error)),
        }),
      )}
    >
      <Stack gap="sm" mt="md">
        <TextInput label={say("department.name")} disabled={disabled} {...form.getInputProps("name")} />
        <TextInput
          label={say("department.summary")}
          description={say("department.summary.help")}
          disabled={disabled}
          {...form.getInputProps("summary")}
        />
        <TagsInput
          label={say("department.phrases")}
          description={say("department.phrases.help")}
          disabled={disabled}
          splitChars={[","]}
          acceptValueOnBlur
          {...form.getInputProps("phrases")}
        />
        <MultiSelect
          label={say("department.intents")}
          description={say("department.intents.help")}
          disabled={disabled}
          searchable
          data={intents.map((i) => ({ value: i.key, label: i.title }))}
          {...form.getInputProps("intents")}
        />
        <Select
          label={say("department.standIn")}
          description={say("department.standIn.help")}
          placeholder={say("department.standIn.none")}
          clearable
          disabled={disabled}
          data={others.map((o) => ({ value: o.id, label: o.name }))}
          {...form.getInputProps("standIn")}
        />
      </Stack>
      <Section title={say("department.targets")} help={say("department.targets.help")}>
        <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm" style={{ alignItems: "end" }}>
          <NumberInput
            label={say("department.first")}
            description={say("department.first.help")}
            min={0}
            disabled={disabled}
            {...form.getInputProps("targets.firstResponse")}
          />
          <NumberInput
            label={say("department.nextAnswer")}
            description={say("department.nextAnswer.help")}
            min={0}
            disabled={disabled}
            {...form.getInputProps("targets.nextResponse")}
          />
          <NumberInput
            label={say("department.resolution")}
            description={say("department.resolution.help")}
            min={0}
            disabled={disabled}
            {...form.getInputProps("targets.resolution")}
          />
        </SimpleGrid>
        <NumberInput
          mt="sm"
          maw={360}
          label={say("department.takeBack")}
          description={say("department.takeBack.help")}
          min={0}
          disabled={disabled}
          {...form.getInputProps("takeBack")}
        />
      </Section>
      <Section title={say("department.moveOn.title")} help={say("department.moveOn.help")}>
        <NumberInput
          maw={360}
          label={say("department.moveOn")}
          description={say("department.moveOn.never")}
          min={0}
          disabled={disabled}
          {...form.getInputProps("moveOn")}
        />
      </Section>
      <Section title={say("department.precision.title")} help={say("department.precision.help")}>
        <NumberInput
          maw={360}
          label={say("department.precision")}
          description={say("department.precision.usual")}
          min={0}
          max={99}
          disabled={disabled}
          {...form.getInputProps("precision")}
        />
      </Section>
      {!disabled && (
        <Button mt="md" type="submit" loading={busy} disabled={!form.isDirty()}>
          {say("do.save")}
        </Button>
      )}
    </form>
  );
}

function Members({ department: d }: { department: Department }) {
  return d.people.length === 0 ? null : (
    <Section title={say("department.who")}>
      <Group gap="xs">
        {d.people.map((p) => (
          <Button
            key={p.id}
            variant="default"
            size="compact-md"
            fw={500}
            leftSection={<Face name={p.name} size={18} />}
            renderRoot={(props) => <Link to="/people/$person" params={{ person: p.id }} {...props} />}
          >
            <bdi>{p.name}</bdi>
          </Button>
        ))}
      </Group>
    </Section>
  );
}

function Hours({ department: d, disabled }: { department: Department; disabled: boolean }) {
  const { run } = useDo();
  const zone = useZone();
  return (
    <Section title={say("department.hours")}>
      <OwnHours
        value={d.hours}
        zone={zone}
        label={say("department.hours.own")}
        help={say("department.hours.own.help")}
        without={
          <Text size="sm" c="dimmed">
            {say("person.hours.company")}
          </Text>
        }
        disabled={disabled}
        onSave={(hours) =>
          run({
            call: () =>
              answer(
                api.PATCH("/api/departments/{id}", {
                  params: { path: { id: d.id } },
                  body: { hours: hours ?? ({ zone } as Calendar) },
                }),
              ),
            said: say("done.saved"),
            touches: [["departments"]],
          })
        }
      />
    </Section>
  );
}

/** Removing asks where the conversations go; that is the question, not whether one is sure. */
/** What waits for anybody of the department, and a way to give it to those who are there. */
function Queue({ department: d }: { department: Department }) {
  const { busy, run } = useDo();
  const may = useMay("put.through");
  if (!may) {
    return null;
  }
  return (
    <Section title={say("department.queue", { n: d.waiting })} help={say("department.queue.help")}>
      <Button
        variant="light"
        loading={busy}
        onClick={() =>
          run({
            call: () => answer(api.POST("/api/departments/{id}/hand-out", { params: { path: { id: d.id } } })),
            said: (out) => say(out.given ? "department.handedOut" : "department.handedOut.none", { n: out.given }),
            touches: [["departments"], ["counts"], ["conversations"]],
          })
        }
      >
        {say("department.handOut")}
      </Button>
    </Section>
  );
}

function Remove({ department: d, others }: Props) {
  const { busy, run } = useDo();
  const navigate = useNavigate();
  const [to, setTo] = useState<string | null>(others.find((o) => o.operator)?.id ?? null);
  return (
    <Section title={say("department.remove")}>
      <Card>
        <Group align="flex-end" gap="sm" className={styles["remove"]}>
          <Select
            flex={1}
            miw={200}
            allowDeselect={false}
            label={say("department.remove.to")}
            description={say("department.remove.to.help")}
            data={others.map((o) => ({ value: o.id, label: o.name }))}
            value={to}
            onChange={setTo}
          />
          <Button
            color="red"
            variant="light"
            loading={busy}
            disabled={!to}
            onClick={() =>
              run({
                call: () =>
                  answer(api.DELETE("/api/departments/{id}", { params: { path: { id: d.id }, query: { to: to! } } })),
                said: say("department.removed"),
                then: () => navigate({ to: "/departments" }),
                touches: [["departments"], ["counts"], ["conversations"]],
              })
            }
          >
            {say("department.remove")}
          </Button>
        </Group>
      </Card>
    </Section>
  );
}
