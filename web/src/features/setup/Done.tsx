import { Button, Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { answer, api } from "@/api/client";
import type { Account } from "@/api/types";
import { say } from "@/lib/words";
import { useDo } from "@/ui/useDo";

interface Props {
  account: Account | undefined;
  /** Sends a test message of an account; it belongs to another feature. */
  test: (account: Account) => ReactNode;
  onDone: () => void;
}

/** The end of the set-up: a test of the first account, and in. */
export function Done({ account, test, onDone }: Props) {
  return (
    <Stack gap="md">
      {account && <Text fw={550}>{say("setup.connected", { handle: account.handle })}</Text>}
      <Text c="dimmed">{account ? say("setup.done.account", { handle: account.handle }) : say("setup.done.none")}</Text>
      {account?.can.includes("test") && test(account)}
      <Group justify="flex-end">
        {account && !account.can.includes("test") && <Check account={account} />}
        <Button onClick={onDone}>{say("setup.done.go")}</Button>
      </Group>
    </Stack>
  );
}

/** Of an account that is only read: the far side is asked who we are. */
function Check({ account }: { account: Account }) {
  const { busy, run } = useDo();
  return (
    <Button
      variant="default"
      loading={busy}
      onClick={() =>
        run({
          call: () => answer(api.POST("/api/accounts/{id}/check", { params: { path: { id: account.id } } })),
          said: (now) =>
            (now.health.trouble ?? now.health.mute)?.message ?? say("setup.done.checked", { handle: now.handle }),
        })
      }
    >
      {say("setup.done.check")}
    </Button>
  );
}
