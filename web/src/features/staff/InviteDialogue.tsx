import { Button, Group, Modal, MultiSelect, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { departmentsQuery } from "@/api/queries";
import type { NewInvitation, Role } from "@/api/types";
import { soon } from "@/lib/time";
import { say } from "@/lib/words";
import { CopyField } from "@/ui/CopyField";
import { email, fieldErrors, required } from "@/ui/form";
import { useDo } from "@/ui/useDo";
import { useZone } from "@/ui/Zone";
import { roleChoices } from "./roles";

interface Made {
  name: string;
  email: string;
  invitation: NewInvitation;
}

/** Inviting somebody makes a link, which works once; whoever invites sends it. */
export function InviteDialogue({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<Made>();
  return (
    <Modal opened onClose={onClose} title={say("invite.title")}>
      {made ? (
        <Link made={made} onAgain={() => setMade(undefined)} onClose={onClose} />
      ) : (
        <InviteForm onMade={setMade} />
      )}
    </Modal>
  );
}

export function InviteForm({ onMade }: { onMade: (made: Made) => void }) {
  const { busy, run } = useDo();
  const departments = useQuery(departmentsQuery).data ?? [];
  const form = useForm({
    initialValues: { name: "", email: "", role: "member", departments: [] as string[] },
    validate: { name: required, email },
  });
  return (
    <form
      onSubmit={form.onSubmit((values) =>
        run({
          call: () => answer(api.POST("/api/invitations", { body: { ...values, role: values.role as Role } })),
          then: (invitation) => {
            form.reset();
            onMade({ name: values.name, email: values.email, invitation });
          },
          touches: [["invitations"]],
          failed: (error) => form.setErrors(fieldErrors(error)),
        }),
      )}
    >
      <Stack gap="sm">
        <TextInput data-autofocus label={say("invite.name")} {...form.getInputProps("name")} />
        <TextInput type="email" label={say("invite.email")} {...form.getInputProps("email")} />
        <Select
          label={say("invite.role")}
          allowDeselect={false}
          data={roleChoices()}
          description={say(`role.${form.values.role as Role}.help`)}
          {...form.getInputProps("role")}
        />
        <MultiSelect
          label={say("invite.departments")}
          description={say("invite.departments.help")}
          searchable
          data={departments.map((d) => ({ value: d.id, label: d.name }))}
          {...form.getInputProps("departments")}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={busy}>
            {say("invite.do")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Link({ made, onAgain, onClose }: { made: Made; onAgain: () => void; onClose: () => void }) {
  const zone = useZone();
  return (
    <Stack gap="sm">
      <Text size="sm">
        {say("invite.done", { name: made.name, when: soon(made.invitation.expiresAt, Date.now(), zone) })}{" "}
        {made.invitation.mailed && say("mailed", { email: made.email })}
      </Text>
      <CopyField label={say("invite.link")} value={made.invitation.link} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onAgain}>
          {say("invite.another")}
        </Button>
        <Button onClick={onClose}>{say("do.close")}</Button>
      </Group>
    </Stack>
  );
}
