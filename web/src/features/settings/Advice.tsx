import {
  Button,
  Checkbox,
  List,
  MultiSelect,
  NumberInput,
  PasswordInput,
  SimpleGrid,
  Stack,
  Switch,
  TagsInput,
  Text,
  TextInput,
} from "@mantine/core";
import { type UseFormReturnType, useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { adviceQuery, departmentsQuery } from "@/api/queries";
import type { Advice, AdviceForm } from "@/api/types";
import { useNow } from "@/lib/now";
import { ago, exact } from "@/lib/time";
import { say } from "@/lib/words";
import { Async } from "@/ui/Async";
import { fieldErrors } from "@/ui/form";
import { Card, Page, Section } from "@/ui/Page";
import { useDo } from "@/ui/useDo";
import { useZone } from "@/ui/Zone";
import { AdviceTry } from "./AdviceTry";

/** Whether a language model is asked, which, and how much: with what leaves the house said before anything can. */
export function AdvicePage() {
  return (
    <Page narrow title={say("advice.title")} summary={say("advice.summary")}>
      <Async of={useQuery(adviceQuery)}>
        {(advice) => (
          <>
            <Leaves />
            <AdviceSettings advice={advice} />
          </>
        )}
      </Async>
    </Page>
  );
}

function Leaves() {
  return (
    <Section title={say("advice.leaves")}>
      <List size="sm" spacing={6} maw={620}>
        <List.Item>{say("advice.leaves.what")}</List.Item>
        <List.Item>{say("advice.leaves.not")}</List.Item>
        <List.Item>{say("advice.leaves.but")}</List.Item>
      </List>
    </Section>
  );
}

/** What the form holds; the key only on its way in. */
const valuesOf = (a: Advice) => ({
  on: a.on,
  address: a.address,
  model: a.model,
  key: "",
  removeKey: false,
  seconds: a.seconds,
  calls: a.calls,
  tokens: a.tokens,
  languages: a.languages,
  departments: a.departments.map((d) => d.id),
});

function AdviceSettings({ advice: a }: { advice: Advice }) {
  const { busy, run } = useDo();
  const form = useForm({ initialValues: valuesOf(a) });
  const save = ({ key, removeKey, ...values }: ReturnType<typeof valuesOf>) => {
    const body: AdviceForm = removeKey || key ? { ...values, key: removeKey ? "" : key } : values;
    return run({
      call: () => answer(api.PUT("/api/advice", { body })),
      said: say("done.saved"),
      then: (saved) => {
        form.setValues(valuesOf(saved));
        form.resetDirty(valuesOf(saved));
      },
      touches: [["advice"]],
      failed: (error) => form.setErrors(fieldErrors(error)),
    });
  };
  return (
    <>
      <form onSubmit={form.onSubmit(save)}>
        <ModelFields form={form} hasKey={a.hasKey} />
        <LimitFields form={form} />
        <StayFields form={form} />
        <Button mt="lg" type="submit" loading={busy} disabled={!form.isDirty()}>
          {say("do.save")}
        </Button>
      </form>
      <Today advice={a} />
      <AdviceTry advice={a} changed={form.isDirty()} />
    </>
  );
}

type Form = UseFormReturnType<ReturnType<typeof valuesOf>>;

function ModelFields({ form, hasKey }: { form: Form; hasKey: boolean }) {
  return (
    <Section title={say("advice.model")}>
      <Stack gap="sm" maw={460}>
        <Switch
          label={say("advice.on")}
          description={say("advice.on.help")}
          {...form.getInputProps("on", { type: "checkbox" })}
        />
        <TextInput
          type="url"
          label={say("advice.address")}
          description={say("advice.address.help")}
          {...form.getInputProps("address")}
        />
        <TextInput
          label={say("advice.name")}
          description={say("advice.name.help")}
          autoComplete="off"
          {...form.getInputProps("model")}
        />
        <PasswordInput
          label={say("advice.key")}
          description={say("advice.key.help")}
          autoComplete="off"
          placeholder={hasKey ? say("advice.key.keep") : ""}
          disabled={form.values.removeKey}
          {...form.getInputProps("key")}
        />
        {hasKey && (
          <Checkbox
            label={say("advice.key.remove")}
            description={say("advice.key.remove.help")}
            {...form.getInputProps("removeKey", { type: "checkbox" })}
          />
        )}
      </Stack>
    </Section>
  );
}

function LimitFields({ form }: { form: Form }) {
  return (
    <Section title={say("advice.limits")}>
      <SimpleGrid cols={{ base: 1, xs: 3 }} maw={620} style={{ alignItems: "end" }}>
        <NumberInput
          label={say("advice.seconds")}
          description={say("advice.seconds.help")}
          min={1}
          max={60}
          {...form.getInputProps("seconds")}
        />
        <NumberInput
          label={say("advice.calls")}
          description={say("advice.calls.help")}
          min={0}
          max={1_000_000_000}
          thousandSeparator=" "
          {...form.getInputProps("calls")}
        />
        <NumberInput
          label={say("advice.tokens")}
          description={say("advice.tokens.help")}
          min={0}
          max={1_000_000_000}
          thousandSeparator=" "
          {...form.getInputProps("tokens")}
        />
      </SimpleGrid>
    </Section>
  );
}

function StayFields({ form }: { form: Form }) {
  const departments = useQuery(departmentsQuery).data ?? [];
  return (
    <Section title={say("advice.stays")}>
      <Stack gap="sm" maw={460}>
        <TagsInput
          label={say("advice.languages")}
          description={say("advice.languages.help")}
          splitChars={[",", " "]}
          acceptValueOnBlur
          error={under(form.errors, "languages")}
          value={form.values.languages}
          onChange={(languages) => form.setFieldValue("languages", languages)}
        />
        <MultiSelect
          label={say("advice.departments")}
          description={say("advice.departments.help")}
          searchable
          data={departments.filter((d) => !d.operator).map((d) => ({ value: d.id, label: d.name }))}
          {...form.getInputProps("departments")}
        />
      </Stack>
    </Section>
  );
}

/** The first error of a list's items. */
function under(errors: Record<string, unknown>, name: string): string | null {
  const found = Object.entries(errors).find(([place]) => place.startsWith(name));
  return found ? String(found[1]) : null;
}

function Today({ advice: a }: { advice: Advice }) {
  const now = useNow();
  const zone = useZone();
  const { calls, answers, failures, tokens } = a.today;
  return (
    <Section title={say("advice.today")}>
      <Stack gap="xs" aria-live="polite">
        {!a.on && <Text size="sm">{say("advice.today.off")}</Text>}
        <Text size="sm" c="dimmed">
          {calls === 0
            ? say("advice.today.none")
            : [
                say("advice.today.calls", { n: calls }),
                say("advice.today.answers", { n: answers }),
                say("advice.today.failures", { n: failures }),
                say("advice.today.tokens", { n: tokens }),
              ].join(" ")}
        </Text>
        {a.on && a.spent && <Card tone="warn">{say("advice.spent")}</Card>}
        {a.on && a.pausedUntil && <Card tone="warn">{say("advice.paused", { when: exact(a.pausedUntil, zone) })}</Card>}
        {a.on && a.trouble && a.troubleAt && (
          <Card tone="urgent">{say("advice.trouble", { when: ago(a.troubleAt, now), why: a.trouble })}</Card>
        )}
      </Stack>
    </Section>
  );
}
