import { Button, Group, Stack, Text } from "@mantine/core";
import { answer, api } from "@/api/client";
import type { Account } from "@/api/types";
import { say } from "@/lib/words";
import { useDo } from "@/ui/useDo";

/** The end of the set-up: a test of the first account, and in. */
export function Done({ account, onDone }: { account: Account | undefined; onDone: () => void }) {
  const { busy, run } = useDo();
  return (
    <Stack gap="md">
      {account && <Text fw={550}>{say("setup.connected", { handle: account.handle })}</Text>}
      <Text c="dimmed">{account ? say("setup.done.account", { handle: account.handle }) : say("setup.done.none")}</Text>
      <Group justify="flex-end">
        {account && (
          <Button
            variant="default"
            loading={busy}
            onClick={() =>
              run({
                call: () => answer(api.POST("/api/accounts/{id}/test", { params: { path: { id: account.id } } })),
                said: (out) => out.detail,
              })
            }
          >
            {say("setup.done.test")}
          </Button>
        )}
        <Button onClick={onDone}>{say("setup.done.go")}</Button>
      </Group>
    </Stack>
  );
}
