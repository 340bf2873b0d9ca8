import { Button, Group, NativeSelect, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { Answering } from "@/api/types";
import { say } from "@/lib/words";
import { fieldErrors } from "@/ui/form";
import { useDo } from "@/ui/useDo";

/** Who could answer instead: a department, or somebody by name. Nobody's name is shown to who has only a link. */
export function PassOn({
  question: q,
  token,
  onBack,
  onDone,
}: {
  question: Answering;
  token: string;
  onBack: () => void;
  onDone: () => void;
}) {
  const { busy, run } = useDo();
  const queries = useQueryClient();
  const form = useForm({ initialValues: { department: "", name: "", reason: "" } });
  const { department, name } = form.values;
  return (
    <form
      onSubmit={form.onSubmit((v) =>
        run({
          call: () =>
            answer(
              api.POST("/api/answer/pass", {
                params: { header: { "Request-Token": token } },
                body: {
                  ...(v.department ? { department: v.department } : {}),
                  name: v.name.trim(),
                  reason: v.reason.trim(),
                },
              }),
            ),
          then: (is) => {
            queries.setQueryData(["answer", token], is);
            onDone();
          },
          failed: (error) => {
            form.setErrors(fieldErrors(error));
            void queries.invalidateQueries({ queryKey: ["answer", token] });
          },
        }),
      )}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {say("answer.pass.help", { from: q.from })}
        </Text>
        <NativeSelect
          label={say("answer.pass.department")}
          data={[{ value: "", label: "–" }, ...q.departments.map((d) => ({ value: d.id, label: d.name }))]}
          {...form.getInputProps("department")}
        />
        <TextInput
          label={say("answer.pass.name")}
          description={say("answer.pass.name.help")}
          maxLength={120}
          {...form.getInputProps("name")}
        />
        <Textarea
          label={say("answer.pass.reason")}
          autosize
          minRows={1}
          maxLength={2000}
          {...form.getInputProps("reason")}
        />
        <Group justify="space-between">
          <Button variant="default" onClick={onBack}>
            {say("answer.back")}
          </Button>
          <Button type="submit" loading={busy} disabled={!department && !name.trim()}>
            {say("answer.pass.do")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
