import { Button, Checkbox, Group, Modal, Select, Stack, Switch, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { departmentsQuery } from "@/api/queries";
import type { Chat, Chats } from "@/api/types";
import { say } from "@/lib/words";
import { fieldErrors, required } from "@/ui/form";
import { useDo } from "@/ui/useDo";

const forms = ["slack", "mattermost", "teams"] as const;

/** A new room, or what is set of one. */
export function ChatDialogue({
  chat,
  kinds,
  onClose,
}: {
  chat: Chat | undefined;
  kinds: Chats["kinds"];
  onClose: () => void;
}) {
  const { busy, run } = useDo();
  const departments = useQuery(departmentsQuery).data ?? [];
  const form = useForm({
    initialValues: {
      name: chat?.name ?? "",
      form: chat?.form ?? "slack",
      address: "",
      department: chat?.department?.id ?? "",
      kinds: chat?.kinds ?? ["queue", "clock_breached"],
      words: chat?.words ?? false,
    },
    validate: {
      name: required,
      address: (a) => (chat ? null : required(a)),
      kinds: (k) => (k.length > 0 ? null : say("form.required")),
    },
  });
  return (
    <Modal opened onClose={onClose} title={say(chat ? "chats.change" : "chats.add")}>
      <form
        onSubmit={form.onSubmit(({ address, ...rest }) => {
          const body = { ...rest, ...(address.trim() ? { address: address.trim() } : {}) };
          return run({
            call: () =>
              chat
                ? answer(api.PATCH("/api/chats/{id}", { params: { path: { id: chat.id } }, body }))
                : answer(api.POST("/api/chats", { body })),
            said: say("chats.saved"),
            then: onClose,
            touches: [["chats"]],
            failed: (error) => form.setErrors(fieldErrors(error)),
          });
        })}
      >
        <Stack gap="sm">
          <TextInput
            data-autofocus
            label={say("chats.name")}
            description={say("chats.name.help")}
            {...form.getInputProps("name")}
          />
          <Select
            label={say("chats.form")}
            description={say("chats.form.help")}
            allowDeselect={false}
            data={forms.map((f) => ({ value: f, label: say(`chats.form.${f}`) }))}
            {...form.getInputProps("form")}
          />
          <TextInput
            type="url"
            label={say("chats.address")}
            description={say(`chats.address.${form.values.form}`)}
            placeholder={chat ? say("chats.address.kept") : ""}
            autoComplete="off"
            {...form.getInputProps("address")}
          />
          <Select
            label={say("chats.department")}
            description={say("chats.department.help")}
            allowDeselect={false}
            data={[
              { value: "", label: say("chats.company") },
              ...departments.map((d) => ({ value: d.id, label: d.name })),
            ]}
            {...form.getInputProps("department")}
          />
          <Checkbox.Group
            label={say("chats.kinds")}
            description={say("chats.kinds.help")}
            {...form.getInputProps("kinds")}
          >
            <Stack gap={8} mt={6}>
              {kinds.map((k) => (
                <Checkbox key={k.kind} value={k.kind} label={k.title} />
              ))}
            </Stack>
          </Checkbox.Group>
          <Switch
            label={say("chats.words")}
            description={say("chats.words.help")}
            {...form.getInputProps("words", { type: "checkbox" })}
          />
          <Group justify="flex-end">
            <Button type="submit" loading={busy}>
              {say("chats.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
