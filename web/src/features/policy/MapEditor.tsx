import { ActionIcon, Button, Select, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useId } from "react";
import { departmentsQuery, intentsQuery, topicsQuery } from "@/api/queries";
import type { RowBody } from "@/api/types";
import { say, sayOr } from "@/lib/words";
import { offeredTopics } from "./topics";
import styles from "./Policy.module.css";

const standings = ["customer", "prospect", "journalist", "influencer", "partner", "candidate", "stakeholder", "advocate", "detractor"]; // prettier-ignore

interface Props {
  rows: RowBody[];
  onChange: (rows: RowBody[]) => void;
}

/** The map to change, row by row. */
export function MapEditor({ rows, onChange }: Props) {
  const help = useId();
  return (
    <>
      <Text id={help} size="sm" c="dimmed" mb="xs">
        {say("map.help")}
      </Text>
      <div className={styles["scroll"]} role="group" aria-label={say("map.title")} aria-describedby={help}>
        <table className={`${styles["table"]} ${styles["cards"]}`}>
          <thead>
            <tr>
              <th>{say("map.intent")}</th>
              <th>{say("map.topic")}</th>
              <th>{say("map.standing")}</th>
              <th>{say("map.language")}</th>
              <th>{say("map.department")}</th>
              <th>{say("map.standIn")}</th>
              <th>{say("map.note")}</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {rows.map((row, k) => (
              <Row
                key={k}
                n={k + 1}
                row={row}
                onChange={(next) => onChange(rows.map((old, i) => (i === k ? next : old)))}
                onRemove={() => onChange(rows.filter((_, i) => i !== k))}
              />
            ))}
          </tbody>
        </table>
      </div>
      <Button
        mt="xs"
        size="compact-sm"
        variant="default"
        leftSection={<Plus size={14} aria-hidden />}
        onClick={() => onChange([...rows, { department: "" }])}
      >
        {say("map.addRow")}
      </Button>
    </>
  );
}

interface RowProps {
  n: number;
  row: RowBody;
  onChange: (row: RowBody) => void;
  onRemove: () => void;
}

function Row({ n, row, onChange, onRemove }: RowProps) {
  const intents = useQuery(intentsQuery).data ?? [];
  const departments = useQuery(departmentsQuery).data ?? [];
  const topics = useQuery(topicsQuery).data ?? [];
  const label = (field: string) => say("map.rowField", { field, n });
  const some = departments.map((d) => ({ value: d.id, label: d.name }));
  return (
    <tr>
      <td data-label={say("map.intent")}>
        <Select
          size="xs"
          clearable
          searchable
          aria-label={label(say("map.intent"))}
          placeholder={say("map.any")}
          data={intents.map((i) => ({ value: i.key, label: i.title }))}
          value={row.intent || null}
          onChange={(intent) => onChange({ ...row, intent: intent ?? "" })}
        />
      </td>
      <td data-label={say("map.topic")}>
        <Select
          size="xs"
          clearable
          searchable
          aria-label={label(say("map.topic"))}
          placeholder={say("map.any")}
          nothingFoundMessage={say("map.topic.none")}
          data={offeredTopics(topics, row.topic ? [row.topic] : [])}
          value={row.topic || null}
          onChange={(topic) => onChange({ ...row, topic: topic ?? "" })}
        />
      </td>
      <td data-label={say("map.standing")}>
        <Select
          size="xs"
          clearable
          aria-label={label(say("map.standing"))}
          placeholder={say("map.any")}
          data={standings.map((value) => ({ value, label: sayOr(`standing.${value}`, value) }))}
          value={row.standing || null}
          onChange={(standing) => onChange({ ...row, standing: standing ?? "" })}
        />
      </td>
      <td data-label={say("map.language")}>
        <TextInput
          size="xs"
          w={64}
          maxLength={12}
          aria-label={label(say("map.language"))}
          placeholder={say("map.any")}
          value={row.language ?? ""}
          onChange={(e) => onChange({ ...row, language: e.currentTarget.value.trim().toLowerCase() })}
        />
      </td>
      <td data-label={say("map.department")}>
        <Select
          size="xs"
          searchable
          allowDeselect={false}
          aria-label={label(say("map.department"))}
          error={!some.some((d) => d.value === row.department)}
          data={some}
          value={row.department || null}
          onChange={(department) => onChange({ ...row, department: department ?? "" })}
        />
      </td>
      <td data-label={say("map.standIn")}>
        <Select
          size="xs"
          clearable
          aria-label={label(say("map.standIn"))}
          placeholder={say("map.nobody")}
          data={some.filter((d) => d.value !== row.department)}
          value={row.standIn || null}
          onChange={(standIn) => onChange({ ...row, standIn: standIn ?? "" })}
        />
      </td>
      <td data-label={say("map.note")}>
        <TextInput
          size="xs"
          maxLength={300}
          aria-label={label(say("map.note"))}
          value={row.note ?? ""}
          onChange={(e) => onChange({ ...row, note: e.currentTarget.value })}
        />
      </td>
      <td>
        <ActionIcon variant="subtle" color="gray" aria-label={say("map.removeRow", { n })} onClick={onRemove}>
          <X size={15} aria-hidden />
        </ActionIcon>
      </td>
    </tr>
  );
}
