import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { answer, api } from "@/api/client";
import type { Department } from "@/api/types";
import { say } from "@/lib/words";
import { fieldErrors, required } from "@/ui/form";
import { useDo } from "@/ui/useDo";

export function NewDepartment({ onClose, onMade }: { onClose: () => void; onMade: (department: Department) => void }) {
  const { busy, run } = useDo();
  const form = useForm({ initialValues: { name: "", summary: "" }, validate: { name: required } });
  return (
    <Modal opened onClose={onClose} title={say("department.new")}>
      <form
        onSubmit={form.onSubmit((body) =>
          run({
            call: () => answer(api.POST("/api/departments", { body })),
            then: onMade,
            touches: [["departments"]],
            failed: (error) => form.setErrors(fieldErrors(error)),
          }),
        )}
      >
        <Stack gap="sm">
          <TextInput data-autofocus label={say("department.name")} {...form.getInputProps("name")} />
          <TextInput
            label={say("department.summary")}
            description={say("department.summary.help")}
            {...form.getInputProps("summary")}
          />
          <Group justify="flex-end">
            <Button type="submit" loading={busy}>
              {say("departments.add")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
