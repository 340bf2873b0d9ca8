import { Button, PasswordInput, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { Session } from "@/api/types";
import { sentence } from "@/lib/http";
import { zones } from "@/lib/time";
import { say } from "@/lib/words";
import { WaitingPage } from "@/ui/Async";
import { Door } from "@/ui/Door";
import { fieldErrors, password, required } from "@/ui/form";
import { useDo } from "@/ui/useDo";

/** Accepting an invitation: a name, a password, and in. */
export function Join({ token, onIn }: { token: string; onIn: (session: Session) => void }) {
  const header = { "Invitation-Token": token };
  const invitation = useQuery({
    queryKey: ["invitation", token],
    queryFn: () => answer(api.GET("/api/invitation", { params: { header } })),
    retry: false,
  });
  if (invitation.isPending) {
    return <WaitingPage />;
  }
  if (invitation.error) {
    return (
      <Door title={say("join.bad")}>
        <Text>{sentence(invitation.error)}</Text>
      </Door>
    );
  }
  return (
    <Door title={say("join.title", { organisation: invitation.data.organisation })}>
      <Text c="dimmed" size="sm" mb="md">
        {say("join.help")} {invitation.data.email}
      </Text>
      <JoinForm name={invitation.data.name} header={header} onIn={onIn} />
    </Door>
  );
}

function JoinForm({
  name,
  header,
  onIn,
}: {
  name: string;
  header: { "Invitation-Token": string };
  onIn: (session: Session) => void;
}) {
  const { busy, run } = useDo();
  const form = useForm({
    initialValues: { name, password: "", zone: Intl.DateTimeFormat().resolvedOptions().timeZone },
    validate: { name: required, password },
  });
  return (
    <form
      onSubmit={form.onSubmit((body) =>
        run({
          call: () => answer(api.POST("/api/invitation", { params: { header }, body })),
          then: onIn,
          failed: (error) => form.setErrors(fieldErrors(error)),
        }),
      )}
    >
      <Stack gap="sm">
        <TextInput label={say("join.name")} autoComplete="name" {...form.getInputProps("name")} />
        <PasswordInput
          label={say("join.password")}
          description={say("join.password.help")}
          autoComplete="new-password"
          autoFocus
          {...form.getInputProps("password")}
        />
        <Select
          label={say("join.zone")}
          searchable
          allowDeselect={false}
          data={zones()}
          {...form.getInputProps("zone")}
        />
        <Button type="submit" loading={busy}>
          {say("join.do")}
        </Button>
      </Stack>
    </form>
  );
}
