import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { answer, api } from "@/api/client";
import { channelsQuery } from "@/api/queries";
import type { About, Account } from "@/api/types";
import { say } from "@/lib/words";
import { fieldErrors } from "@/ui/form";
import { DeedButton } from "@/ui/ActionButton";
import { Section } from "@/ui/Page";
import { useDo } from "@/ui/useDo";
import { type Answers, movedTo, SettingFields } from "./SettingFields";

/** The account's name and settings; what is left blank stays as it is. */
export function Connection({ account: a }: { account: Account }) {
  const about = useQuery(channelsQuery).data?.find((c) => c.name === a.channel);
  const [removing, setRemoving] = useState(false);
  return (
    <Section title={say("connection.title")} help={say("connection.help")}>
      {about && <ConnectionForm account={a} about={about} />}
      <Button mt="lg" color="red" variant="subtle" px="xs" onClick={() => setRemoving(true)}>
        {say("connection.remove")}
      </Button>
      {removing && <Remove account={a} example={about?.example ?? false} onClose={() => setRemoving(false)} />}
    </Section>
  );
}

function ConnectionForm({ account: a, about }: { account: Account; about: About }) {
  const { busy, run } = useDo();
  const [name, setName] = useState(a.name);
  const [answers, setAnswers] = useState<Answers>(() => known(a));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const before = known(a);
  const given = Object.fromEntries(Object.entries(answers).filter(([name, value]) => value !== (before[name] ?? "")));
  const again = say(about.oauth ? "connect.secret.visit" : "connect.secret.again");
  const failed = (error: unknown) => setErrors(fieldErrors(error, "settings.") as Record<string, string>);
  const dirty = name.trim() !== a.name || Object.keys(given).length > 0;

  function submit(event: FormEvent) {
    event.preventDefault();
    setErrors({});
    void run({
      call: () =>
        answer(
          api.PATCH("/api/accounts/{id}", {
            params: { path: { id: a.id } },
            body: { name: name.trim(), ...(Object.keys(given).length ? { settings: given } : {}) },
          }),
        ),
      said: say("connection.saved"),
      then: (now) => setAnswers(known(now)),
      touches: [["accounts"]],
      failed,
    });
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="sm" maw={460}>
        <TextInput
          required
          withAsterisk={false}
          label={say("connection.name")}
          description={say("connection.name.help")}
          value={name}
          onChange={(e) => setName(e.currentTarget.value)}
        />
        <SettingFields
          keepsSecrets
          settings={about.settings?.map((s) => ({ ...s, required: false })) ?? null}
          answers={answers}
          errors={errors}
          moved={movedTo(about.settings, before, answers) ? again : undefined}
          onChange={setAnswers}
        />
        <Group>
          <Button type="submit" loading={busy} disabled={!dirty}>
            {say("do.save")}
          </Button>
          {about.oauth && (
            <DeedButton
              deed="reconnect"
              hotkey="o"
              variant="default"
              loading={busy}
              onClick={() =>
                run({
                  call: () =>
                    answer(
                      api.POST("/api/accounts/connect", {
                        body: { account: a.id, channel: a.channel, name: name.trim(), settings: given },
                      }),
                    ),
                  then: ({ address }) => location.assign(new URL(address, location.href).href),
                  failed,
                })
              }
            >
              {say("connection.reconnect")}
            </DeedButton>
          )}
        </Group>
      </Stack>
    </form>
  );
}

/** What is set now; secrets are never told. */
function known(a: Account): Answers {
  const scalar = (v: unknown): v is string | number | boolean => ["string", "number", "boolean"].includes(typeof v);
  return Object.fromEntries(
    Object.entries(a.settings ?? {}).filter((e): e is [string, string | number | boolean] => scalar(e[1])),
  );
}

/** This one cannot be undone: the name is typed, so that nobody does it in passing. */
function Remove({ account: a, example, onClose }: { account: Account; example: boolean; onClose: () => void }) {
  const { busy, run } = useDo();
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  return (
    <Modal opened onClose={onClose} title={say("connection.remove")}>
      <form
        onSubmit={(e) => {
          e.preventDefault();
          void run({
            call: () => answer(api.DELETE("/api/accounts/{id}", { params: { path: { id: a.id } } })),
            said: say("connection.removed"),
            then: () => navigate({ to: "/accounts" }),
            touches: example ? [[]] : [["accounts"]],
          });
        }}
      >
        <Stack gap="sm">
          <TextInput
            data-autofocus
            label={say(example ? "connection.remove.example" : "connection.remove.sure")}
            description={a.name}
            value={typed}
            onChange={(e) => setTyped(e.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {say("do.cancel")}
            </Button>
            <Button type="submit" color="red" loading={busy} disabled={typed.trim() !== a.name.trim()}>
              {say("connection.remove")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
