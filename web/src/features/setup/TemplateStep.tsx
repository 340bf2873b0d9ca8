import { Button, Checkbox, Group, Radio, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { Template } from "@/api/types";
import { say } from "@/lib/words";
import styles from "./Setup.module.css";

interface Props {
  templates: Template[];
  busy: boolean;
  onBack: () => void;
  onCreate: (template: string, departments: string[]) => void;
}

/** A start for who answers what: choose the nearest, leave out what you do not have. */
export function TemplateStep({ templates, busy, onBack, onCreate }: Props) {
  const [key, setKey] = useState(templates[0]?.key ?? "");
  const [left, setLeft] = useState<string[]>([]);
  const template = templates.find((t) => t.key === key);
  const kept = template?.departments.filter((d) => d.operator || !left.includes(d.name)) ?? [];
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        onCreate(
          key,
          kept.map((d) => d.name),
        );
      }}
    >
      <Stack gap="md">
        <Text c="dimmed" size="sm">
          {say("setup.template.help")}
        </Text>
        <Radio.Group aria-label={say("setup.template")} value={key} onChange={(next) => (setKey(next), setLeft([]))}>
          <div className={styles["templates"]}>
            {templates.map((t) => (
              <div key={t.key} className={styles["template"]} data-checked={t.key === key || undefined}>
                <Radio value={t.key} label={t.title} description={t.summary} />
              </div>
            ))}
          </div>
        </Radio.Group>
        {template && (
          <Checkbox.Group
            label={say("setup.template.departments")}
            value={kept.map((d) => d.name)}
            onChange={(names) => setLeft(template.departments.map((d) => d.name).filter((n) => !names.includes(n)))}
            error={kept.length === 0 ? say("setup.template.none") : undefined}
          >
            <div className={styles["departments"]}>
              {template.departments.map((d) => (
                <div key={d.name} className={styles["department"]}>
                  <Checkbox
                    value={d.name}
                    label={d.name}
                    disabled={d.operator ?? false}
                    description={[
                      d.summary,
                      d.phrases
                        .slice(0, 3)
                        .map((p) => `“${p}”`)
                        .join(", "),
                    ]
                      .filter(Boolean)
                      .join(" ")}
                  />
                </div>
              ))}
            </div>
          </Checkbox.Group>
        )}
        <Group justify="space-between">
          <Button variant="default" onClick={onBack}>
            {say("do.back")}
          </Button>
          <Button type="submit" loading={busy} disabled={kept.length === 0}>
            {say("setup.create")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
