import { Button, Group, Modal, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { answer, api } from "@/api/client";
import { departmentsQuery } from "@/api/queries";
import { useMay } from "@/api/session";
import type { Rule, RuleForm } from "@/api/types";
import { useNow } from "@/lib/now";
import { brief } from "@/lib/time";
import { say, sayOr } from "@/lib/words";
import { Async } from "@/ui/Async";
import { fieldErrors } from "@/ui/form";
import { Section } from "@/ui/Page";
import { useDo } from "@/ui/useDo";
import { useZone } from "@/ui/Zone";
import { ConditionRows } from "./ConditionRows";
import { blank, expressionOf, formOf, whole } from "./form";
import { useIntentTitle } from "@/api/intents";
import styles from "./Policy.module.css";
import { ruleHistoryQuery } from "./queries";
import { whenSentence } from "./sentence";
import { TrialResult } from "./TrialResult";

/** What is written of a rule. A form is null while its expression is one that no form can show. */
interface Draft {
  name: string;
  form: RuleForm | null;
  expression: string;
  byHand: boolean;
  department: string | null;
  person: string | null;
  why: string;
}

function draftOf(rule: Rule | undefined): Draft {
  const form = rule ? (rule.form ?? formOf(rule.condition)) : { join: "all" as const, conditions: [blank("words")] };
  return {
    name: rule?.name ?? "",
    form,
    expression: rule?.condition ?? "",
    byHand: !form,
    department: rule?.department.id || null,
    person: rule?.person?.id ?? null,
    why: "",
  };
}

/** What is sent of a draft: the form, or what was written by hand; null while nothing is whole. */
function conditionOf(d: Draft): { form: RuleForm } | { condition: string } | null {
  if (d.byHand) {
    return d.expression.trim() ? { condition: d.expression } : null;
  }
  return d.form && d.form.conditions.length > 0 && d.form.conditions.every(whole) ? { form: d.form } : null;
}

/** A rule being written, with what it would have caught. */
export function RuleDialogue({ rule, onClose }: { rule: Rule | undefined; onClose: () => void }) {
  const may = useMay("departments.manage");
  const [draft, setDraft] = useState(() => draftOf(rule));
  const [errors, setErrors] = useState<Record<string, ReactNode>>({});
  const { busy, run } = useDo();
  const change = (some: Partial<Draft>) => setDraft((d) => ({ ...d, ...some }));
  const condition = conditionOf(draft);
  const save = (e: FormEvent) => {
    e.preventDefault();
    if (!condition) {
      return;
    }
    const body = {
      ...condition,
      name: draft.name,
      department: draft.department ?? "",
      person: draft.person ?? "",
      why: draft.why,
    };
    void run({
      call: () =>
        answer(
          rule
            ? api.PATCH("/api/rules/{id}", {
                params: { path: { id: rule.id } },
                body: { ...body, version: rule.version },
              })
            : api.POST("/api/rules", { body }),
        ),
      said: say("rule.saved"),
      then: onClose,
      touches: [["rules"]],
      failed: (error) => {
        const wrong = fieldErrors(error);
        setErrors(wrong);
        return ["name", "condition", "department", "person"].some((f) => f in wrong);
      },
    });
  };
  return (
    <Modal opened size="xl" onClose={onClose} title={rule ? rule.name : say("rule.new")}>
      <form onSubmit={save}>
        <fieldset disabled={!may} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
          <Stack gap="sm">
            <TextInput
              data-autofocus
              required
              maxLength={80}
              label={say("rule.name")}
              description={say("rule.name.help")}
              value={draft.name}
              error={errors["name"]}
              onChange={(e) => change({ name: e.currentTarget.value })}
            />
            <When draft={draft} change={change} error={errors["condition"]} />
            <Target draft={draft} change={change} errors={errors} />
            {may && (
              <TrialResult rule={rule?.id} condition={condition} department={draft.department} name={draft.name} />
            )}
            <TextInput
              label={say("rule.why")}
              description={say("rule.why.help")}
              maxLength={500}
              value={draft.why}
              onChange={(e) => change({ why: e.currentTarget.value })}
            />
          </Stack>
        </fieldset>
        {may && (
          <Group justify="space-between" mt="md">
            {rule ? <Remove rule={rule} why={draft.why} onGone={onClose} /> : <span />}
            <Button type="submit" loading={busy} disabled={!condition || !draft.department || !draft.name.trim()}>
              {say("do.save")}
            </Button>
          </Group>
        )}
      </form>
      {rule && <History id={rule.id} />}
    </Modal>
  );
}

type Change = (some: Partial<Draft>) => void;

function When({ draft, change, error }: { draft: Draft; change: Change; error: ReactNode }) {
  const intent = useIntentTitle();
  const departments = useQuery(departmentsQuery).data ?? [];
  if (draft.byHand || !draft.form) {
    const readable = formOf(draft.expression);
    return (
      <Stack gap={6}>
        <Textarea
          autosize
          minRows={2}
          maxLength={2000}
          label={say("rule.expression")}
          description={say(readable || !draft.expression ? "rule.expression.help" : "rule.byHand")}
          classNames={{ input: styles["code"]! }}
          value={draft.expression}
          error={error}
          onChange={(e) => change({ expression: e.currentTarget.value })}
        />
        <Group>
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => change({ byHand: false, form: readable ?? { join: "all", conditions: [blank("words")] } })}
          >
            {say("rule.form")}
          </Button>
        </Group>
      </Stack>
    );
  }
  const form = draft.form;
  const when = whenSentence(form, intent);
  const where = departments.find((d) => d.id === draft.department)?.name;
  return (
    <Stack gap={8}>
      <ConditionRows form={form} onChange={(f) => change({ form: f })} />
      {error && (
        <Text c="red" size="sm" role="alert">
          {error}
        </Text>
      )}
      {when && (
        <Text size="sm" aria-label={say("rule.preview")} role="note">
          {where ? say("rules.goes", { when, where }) : `${when} …`}
        </Text>
      )}
      <Group>
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() =>
            change({ byHand: true, expression: conditionOf(draft) ? expressionOf(form) : draft.expression })
          }
        >
          {say("rule.advanced")}
        </Button>
      </Group>
    </Stack>
  );
}

function Target({ draft, change, errors }: { draft: Draft; change: Change; errors: Record<string, ReactNode> }) {
  const departments = useQuery(departmentsQuery).data ?? [];
  const people = departments.find((d) => d.id === draft.department)?.people ?? [];
  return (
    <Group align="flex-start" gap="sm">
      <Select
        className={styles["grow"]}
        required
        searchable
        label={say("rule.department")}
        description={say("rule.department.help")}
        data={departments.map((d) => ({ value: d.id, label: d.name }))}
        value={draft.department}
        error={errors["department"]}
        onChange={(department) => change({ department, person: null })}
      />
      <Select
        className={styles["grow"]}
        clearable
        searchable
        label={say("rule.person")}
        description={say("rule.person.help")}
        placeholder={say("rule.person.none")}
        data={people.map((p) => ({ value: p.id, label: p.name }))}
        value={draft.person}
        error={errors["person"]}
        onChange={(person) => change({ person })}
      />
    </Group>
  );
}

function Remove({ rule, why, onGone }: { rule: Rule; why: string; onGone: () => void }) {
  const { busy, run } = useDo();
  return (
    <Button
      color="red"
      variant="light"
      loading={busy}
      onClick={() =>
        run({
          call: () =>
            answer(api.DELETE("/api/rules/{id}", { params: { path: { id: rule.id }, query: why ? { why } : {} } })),
          said: say("rule.removed"),
          then: onGone,
          touches: [["rules"]],
        })
      }
    >
      {say("rule.remove")}
    </Button>
  );
}

function History({ id }: { id: string }) {
  const query = useQuery(ruleHistoryQuery(id));
  const now = useNow();
  const zone = useZone();
  return (
    <Section title={say("rule.history")}>
      <Async of={query}>
        {(versions) => (
          <ul className={styles["list"]}>
            {versions.map((v) => (
              <li key={v.version} className={styles["found"]}>
                <span className={styles["excerpt"]}>
                  {sayOr(`rule.deed.${v.deed}`, v.deed)}
                  {v.why && `: ${v.why}`}
                  <span className={`${styles["code"]} ${styles["sub"]}`}> {v.rule.condition}</span>
                </span>
                <span className={styles["sub"]}>
                  {say("rules.changed", { who: v.by?.name || say("app.name"), when: brief(v.at, now, zone) })}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Async>
    </Section>
  );
}
