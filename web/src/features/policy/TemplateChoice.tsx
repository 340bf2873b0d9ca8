import { Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { RowBody } from "@/api/types";
import { say } from "@/lib/words";
import { bodyOf } from "./row";
import { mapTemplatesQuery } from "./queries";

/** Ways to divide the work, to begin from. */
export function TemplateChoice({
  value,
  onChoose,
}: {
  value: string;
  onChoose: (key: string, rows: RowBody[]) => void;
}) {
  const templates = useQuery(mapTemplatesQuery).data ?? [];
  return (
    <div>
      <Select
        maw={360}
        mb={4}
        allowDeselect={false}
        label={say("map.template")}
        description={say("map.template.help")}
        data={templates.map((t) => ({ value: t.key, label: t.title }))}
        value={value || null}
        onChange={(key) => {
          const t = templates.find((k) => k.key === key);
          if (t) {
            onChoose(t.key, t.rows.map(bodyOf));
          }
        }}
      />
      <Text size="sm" c="dimmed" mb="sm">
        {templates.find((t) => t.key === value)?.summary}
      </Text>
    </div>
  );
}
