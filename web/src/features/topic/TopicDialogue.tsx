import { Button, Group, Modal, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { answer, api } from "@/api/client";
import { useMay } from "@/api/session";
import type { Topic } from "@/api/types";
import { say } from "@/lib/words";
import { fieldErrors } from "@/ui/form";
import { useDo } from "@/ui/useDo";

const kinds: Topic["kind"][] = ["product", "place", "campaign", "other"];

/** A topic being written: its phrases as plain text, one a line. */
export function TopicDialogue({ topic, onClose }: { topic: Topic | undefined; onClose: () => void }) {
  const may = useMay("departments.manage");
  const [name, setName] = useState(topic?.name ?? "");
  const [kind, setKind] = useState<Topic["kind"]>(topic?.kind ?? "product");
  const [phrases, setPhrases] = useState((topic?.phrases ?? []).join("\n"));
  const [errors, setErrors] = useState<Record<string, ReactNode>>({});
  const { busy, run } = useDo();
  const save = (e: FormEvent) => {
    e.preventDefault();
    const body = { name, kind, phrases: phrases.split("\n") };
    void run({
      call: () =>
        answer(
          topic
            ? api.PATCH("/api/topics/{key}", {
                params: { path: { key: topic.key } },
                body: { ...body, version: topic.version },
              })
            : api.POST("/api/topics", { body }),
        ),
      said: say("topic.saved"),
      then: onClose,
      touches: [["topics"]],
      failed: (error) => {
        const wrong = fieldErrors(error);
        setErrors(wrong);
        return ["name", "kind", "phrases"].some((f) => f in wrong);
      },
    });
  };
  return (
    <Modal opened size="lg" onClose={onClose} title={topic ? topic.name : say("topic.new")}>
      <form onSubmit={save}>
        <fieldset disabled={!may} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
          <Stack gap="sm">
            <TextInput
              data-autofocus
              required
              maxLength={80}
              label={say("topic.name")}
              description={say("topic.name.help")}
              value={name}
              error={errors["name"]}
              onChange={(e) => setName(e.currentTarget.value)}
            />
            <Select
              allowDeselect={false}
              label={say("topic.kind")}
              description={say("topic.kind.help")}
              data={kinds.map((value) => ({ value, label: say(`topics.kind.${value}`) }))}
              value={kind}
              error={errors["kind"]}
              onChange={(k) => setKind(k ?? "other")}
            />
            <Textarea
              autosize
              minRows={5}
              maxRows={16}
              label={say("topic.phrases")}
              description={say("topic.phrases.help")}
              value={phrases}
              error={errors["phrases"]}
              onChange={(e) => setPhrases(e.currentTarget.value)}
            />
          </Stack>
        </fieldset>
        {may && (
          <Group justify="space-between" mt="md">
            {topic ? <Remove topic={topic} onGone={onClose} /> : <span />}
            <Button type="submit" loading={busy} disabled={!name.trim()}>
              {say("do.save")}
            </Button>
          </Group>
        )}
      </form>
    </Modal>
  );
}

function Remove({ topic, onGone }: { topic: Topic; onGone: () => void }) {
  const { busy, run } = useDo();
  return (
    <Button
      variant="subtle"
      color="red"
      loading={busy}
      onClick={() =>
        run({
          call: () => answer(api.DELETE("/api/topics/{key}", { params: { path: { key: topic.key } } })),
          said: say("topic.removed"),
          then: onGone,
          touches: [["topics"]],
        })
      }
    >
      {say("topic.remove")}
    </Button>
  );
}
