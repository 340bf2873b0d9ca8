import {
  ActionIcon,
  Button,
  Group,
  MultiSelect,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  TagsInput,
  Text,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useId } from "react";
import { accountsQuery, channelsQuery, intentsQuery, topicsQuery } from "@/api/queries";
import type { RuleForm } from "@/api/types";
import { say, sayOr, type Word } from "@/lib/words";
import { blank, type Condition, shapeOf, type What, whats } from "./form";
import styles from "./Policy.module.css";
import { called } from "./sentence";
import { offeredTopics } from "./topics";

const standings = ["customer", "prospect", "journalist", "influencer", "partner", "candidate", "stakeholder", "advocate", "detractor"]; // prettier-ignore
const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const kinds = ["post", "reply", "comment", "direct", "review", "article", "email"];
const urgencies = ["now", "today", "normal"];

/** The conditions of a rule, one below the other. */
export function ConditionRows({ form, onChange }: { form: RuleForm; onChange: (form: RuleForm) => void }) {
  const help = useId();
  const put = (k: number, c: Condition) =>
    onChange({ ...form, conditions: form.conditions.map((old, i) => (i === k ? c : old)) });
  return (
    <Stack gap={8} role="group" aria-label={say("rule.if")} aria-describedby={help}>
      <Group gap="xs">
        <Text size="sm" fw={500}>
          {say("rule.if")}
        </Text>
        {form.conditions.length > 1 && (
          <Select
            size="xs"
            allowDeselect={false}
            aria-label={say("rule.join")}
            data={[
              { value: "all", label: say("rule.all") },
              { value: "any", label: say("rule.any") },
            ]}
            value={form.join}
            onChange={(join) => onChange({ ...form, join: join === "any" ? "any" : "all" })}
          />
        )}
      </Group>
      <Text id={help} size="xs" c="dimmed">
        {say("rule.if.help")}
      </Text>
      {form.conditions.map((c, k) => (
        <div key={k} className={styles["condition"]}>
          <Select
            w={190}
            allowDeselect={false}
            aria-label={say("rule.asks")}
            data={whats.map((what) => ({ value: what, label: say(`what.${what}`) }))}
            value={c.what}
            onChange={(what) => put(k, blank((what ?? "words") as What))}
          />
          <SegmentedControl
            size="xs"
            aria-label={say("rule.notLabel")}
            data={[
              { value: "is", label: say("rule.is") },
              { value: "not", label: say("rule.isNot") },
            ]}
            value={c.not ? "not" : "is"}
            onChange={(is) => put(k, withNot(c, is === "not"))}
          />
          <Answer condition={c} onChange={(next) => put(k, next)} />
          {form.conditions.length > 1 && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={say("rule.removeCondition")}
              onClick={() => onChange({ ...form, conditions: form.conditions.filter((_, i) => i !== k) })}
            >
              <X size={15} aria-hidden />
            </ActionIcon>
          )}
        </div>
      ))}
      <Group>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Plus size={14} aria-hidden />}
          disabled={form.conditions.length >= 12}
          onClick={() => onChange({ ...form, conditions: [...form.conditions, blank("words")] })}
        >
          {say("rule.addCondition")}
        </Button>
      </Group>
    </Stack>
  );
}

function withNot(c: Condition, not: boolean): Condition {
  const { what, values, from, to, sure } = c;
  return {
    what,
    ...(not && { not }),
    ...(values && { values }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(sure && { sure }),
  };
}

interface AnswerProps {
  condition: Condition;
  onChange: (c: Condition) => void;
}

function Answer({ condition: c, onChange }: AnswerProps) {
  const shape = shapeOf(c.what);
  if (shape === "truth") {
    return null;
  }
  if (shape === "choice" || shape === "words") {
    return <Values condition={c} onChange={onChange} />;
  }
  const number = (field: "from" | "to", label: Word, min: number, max: number) => (
    <NumberInput
      w={110}
      label={say(label)}
      min={min}
      max={max}
      clampBehavior="strict"
      value={c[field] ?? 0}
      onChange={(v) => onChange({ ...c, [field]: Number(v) })}
    />
  );
  switch (shape) {
    case "hours":
      return (
        <>
          {number("from", "rule.from", 0, 23)}
          {number("to", "rule.until", 1, 24)}
        </>
      );
    case "followers":
      return number("from", "rule.atLeast", 1, 1_000_000_000);
    default:
      return (
        <>
          {number("from", "rule.atLeast", 1, 5)}
          {number("to", "rule.atMost", 1, 5)}
        </>
      );
  }
}

function Values({ condition: c, onChange }: AnswerProps) {
  const values = c.values ?? [];
  const offered = useOffered(c.what, values);
  const set = (list: string[]) => onChange({ ...c, values: list });
  const free = c.what === "words" || c.what === "language";
  return (
    <>
      {free ? (
        <TagsInput
          className={styles["grow"]}
          aria-label={say("rule.values")}
          description={sayOr(`what.${c.what}.help`, "") || undefined}
          inputWrapperOrder={["label", "input", "description", "error"]}
          splitChars={[",", ";"]}
          acceptValueOnBlur
          value={values}
          onChange={set}
        />
      ) : (
        <MultiSelect
          className={styles["grow"]}
          searchable
          aria-label={say("rule.values")}
          data={offered}
          value={values}
          onChange={set}
        />
      )}
      {c.what === "intent" && (
        <NumberInput
          w={150}
          label={say("rule.sure")}
          description={say("rule.sure.help")}
          min={5}
          max={100}
          step={5}
          value={Math.round((c.sure ?? 0.5) * 100)}
          onChange={(v) => onChange({ ...c, sure: Math.min(100, Math.max(1, Number(v) || 50)) / 100 })}
        />
      )}
    </>
  );
}

/** What can be chosen for a question. */
function useOffered(what: string, values: string[]): { value: string; label: string }[] {
  const intents = useQuery(intentsQuery).data ?? [];
  const accounts = useQuery({ ...accountsQuery, enabled: what === "account" }).data ?? [];
  const channels = useQuery({ ...channelsQuery, enabled: what === "channel" }).data ?? [];
  const topics = useQuery({ ...topicsQuery, enabled: what === "topic" }).data ?? [];
  const named = (keys: string[]) => keys.map((value) => ({ value, label: called(what, value, (k) => k) }));
  switch (what) {
    case "intent":
      return intents.map((i) => ({ value: i.key, label: i.title }));
    case "account":
      return [...new Set(accounts.map((a) => a.handle))].map((value) => ({ value, label: value }));
    case "topic":
      return offeredTopics(topics, values);
    case "channel":
      return channels.map((ch) => ({ value: ch.name, label: ch.title }));
    case "standing":
      return named(standings);
    case "weekday":
      return named(weekdays);
    case "kind":
      return named(kinds);
    default:
      return named(urgencies);
  }
}
