import { Anchor, Button, Checkbox, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { keysQuery } from "@/api/queries";
import type { ApiKey, NewApiKey, Scope } from "@/api/types";
import { useNow } from "@/lib/now";
import { ago } from "@/lib/time";
import { say, sayOr } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { Async } from "@/ui/Async";
import { Chip } from "@/ui/Chip";
import { CopyField } from "@/ui/CopyField";
import { required } from "@/ui/form";
import { Card, Page } from "@/ui/Page";
import { useDo } from "@/ui/useDo";

/** Keys for programs. */
export function Keys() {
  const [making, setMaking] = useState(false);
  return (
    <Page
      narrow
      title={say("keys.title")}
      summary={
        <>
          {say("keys.summary")}{" "}
          <Anchor href="/api/docs" target="_blank" inherit underline="always" c="inherit">
            {say("keys.docs")}
          </Anchor>
        </>
      }
      deeds={
        <DeedButton
          deed="key-add"
          hotkey="n"
          leftSection={<Plus size={16} aria-hidden />}
          onClick={() => setMaking(true)}
        >
          {say("keys.add")}
        </DeedButton>
      }
    >
      <Async of={useQuery(keysQuery)} empty={say("keys.empty")}>
        {(keys) => (
          <Stack gap="xs">
            {keys.map((k) => (
              <KeyRow key={k.id} apiKey={k} />
            ))}
          </Stack>
        )}
      </Async>
      {making && <MakeKey onClose={() => setMaking(false)} />}
    </Page>
  );
}

function KeyRow({ apiKey: k }: { apiKey: ApiKey }) {
  const { busy, run } = useDo();
  const now = useNow();
  return (
    <Card>
      <Group gap="sm">
        <KeyRound size={17} aria-hidden />
        <Text fw={600} flex="1 1 160px">
          <bdi>{k.name}</bdi>
        </Text>
        {k.scopes.map((s) => (
          <Chip key={s}>{sayOr(`keys.scope.${s}`, s)}</Chip>
        ))}
        <Text size="xs" c="dimmed">
          {k.lastUsed ? say("keys.lastUsed", { when: ago(k.lastUsed, now) }) : say("keys.neverUsed")}
        </Text>
        <Button
          size="compact-sm"
          variant="default"
          loading={busy}
          aria-label={say("keys.revoke.label", { name: k.name })}
          onClick={() =>
            run({
              call: () => answer(api.DELETE("/api/keys/{id}", { params: { path: { id: k.id } } })),
              said: say("keys.revoked"),
              touches: [["keys"]],
            })
          }
        >
          {say("keys.revoke")}
        </Button>
      </Group>
    </Card>
  );
}

function MakeKey({ onClose }: { onClose: () => void }) {
  const { busy, run } = useDo();
  const [made, setMade] = useState<NewApiKey>();
  const form = useForm({
    initialValues: { name: "", scopes: ["read"] },
    validate: { name: required, scopes: (s) => (s.length ? null : say("form.required")) },
  });
  return (
    <Modal opened onClose={onClose} title={say("keys.add")} closeOnClickOutside={!made}>
      {made ? (
        <Stack gap="sm">
          <CopyField label={made.name} description={say("keys.secret")} value={made.secret} />
          <Group justify="flex-end">
            <Button onClick={onClose}>{say("do.close")}</Button>
          </Group>
        </Stack>
      ) : (
        <form
          onSubmit={form.onSubmit(({ name, scopes }) =>
            run({
              call: () => answer(api.POST("/api/keys", { body: { name, scopes: scopes as Scope[] } })),
              then: setMade,
              touches: [["keys"]],
            }),
          )}
        >
          <Stack gap="sm">
            <TextInput
              data-autofocus
              label={say("keys.name")}
              description={say("keys.name.help")}
              {...form.getInputProps("name")}
            />
            <Checkbox.Group
              label={say("keys.scopes")}
              description={say("keys.scopes.help")}
              {...form.getInputProps("scopes")}
            >
              <Group gap="lg" mt={4}>
                {(["read", "write", "admin"] as const).map((s) => (
                  <Checkbox key={s} value={s} label={say(`keys.scope.${s}`)} />
                ))}
              </Group>
            </Checkbox.Group>
            <Group justify="flex-end">
              <Button type="submit" loading={busy}>
                {say("keys.add")}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
