import { Button, Group, PasswordInput, SegmentedControl, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { personQuery } from "@/api/queries";
import { useMe } from "@/api/session";
import type { Presence, Session } from "@/api/types";
import { say } from "@/lib/words";
import { Async } from "@/ui/Async";
import { Face } from "@/ui/Face";
import { fieldErrors, password, required } from "@/ui/form";
import { Page, Section } from "@/ui/Page";
import { useDo } from "@/ui/useDo";
import { Absences } from "./Absences";
import { WorkForm } from "./PersonPage";

/** What I say of myself, whether I am here, and my password. */
export function Profile() {
  const me = useMe();
  const query = useQuery(personQuery(me.id));
  return (
    <Page narrow before={<Face name={me.name} size={36} />} title={me.name} summary={me.email}>
      <PresenceChoice />
      <Async of={query}>
        {(person) => (
          <>
            <WorkForm key={person.id} person={person} />
            <Absences person={person} />
          </>
        )}
      </Async>
      <PasswordForm />
    </Page>
  );
}

function PresenceChoice() {
  const me = useMe();
  const queries = useQueryClient();
  const { run } = useDo();
  const set = (presence: Presence) => {
    queries.setQueryData<Session>(["session"], (old) => old?.person && { ...old, person: { ...old.person, presence } });
    void run({
      call: () => answer(api.PUT("/api/session/presence", { body: { presence } })),
      touches: [["session"], ["people"]],
    });
  };
  return (
    <Section title={say("me.presence")} help={say("me.presence.help")}>
      <SegmentedControl
        aria-label={say("me.presence")}
        value={me.presence}
        onChange={(p) => set(p)}
        data={[
          { value: "here", label: say("app.presence.here") },
          { value: "away", label: say("app.presence.away") },
        ]}
      />
    </Section>
  );
}

function PasswordForm() {
  const { busy, run } = useDo();
  const form = useForm({ initialValues: { current: "", next: "" }, validate: { current: required, next: password } });
  return (
    <Section title={say("me.password")}>
      <form
        onSubmit={form.onSubmit((body) =>
          run({
            call: () => answer(api.POST("/api/password", { body })),
            said: say("me.password.done"),
            then: () => form.reset(),
            failed: (error) => form.setErrors(fieldErrors(error)),
          }),
        )}
      >
        <Stack gap="sm" maw={340}>
          <PasswordInput
            autoComplete="current-password"
            label={say("me.password.current")}
            description={say("me.password.current.help")}
            {...form.getInputProps("current")}
          />
          <PasswordInput
            autoComplete="new-password"
            label={say("me.password.next")}
            description={say("join.password.help")}
            {...form.getInputProps("next")}
          />
          <Group>
            <Button type="submit" variant="default" loading={busy}>
              {say("me.password.do")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
