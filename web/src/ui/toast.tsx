import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { sentence } from "@/lib/http";
import { say } from "@/lib/words";

interface Extra {
  /** The inverse, offered for as long as the toast stands. */
  undo?: (() => unknown) | undefined;
  undoName?: string;
  seconds?: number;
}

/** Says in passing that something was done, with the way back when there is one. */
export function tell(text: string, { undo, undoName = say("do.undo"), seconds = undo ? 8 : 4 }: Extra = {}): string {
  const id = notifications.show({
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm">{text}</Text>
        {undo && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              notifications.hide(id);
              undo();
            }}
          >
            {undoName}
          </Button>
        )}
      </Group>
    ),
    autoClose: seconds * 1000,
    withBorder: true,
    role: "status",
    closeButtonProps: { "aria-label": say("do.close") },
  });
  return id;
}

/** Says that something failed, and what to do about it. */
export function complain(error: unknown, again?: () => unknown): void {
  const id = notifications.show({
    color: "red",
    title: say("error.title"),
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm">{sentence(error)}</Text>
        {again && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              notifications.hide(id);
              again();
            }}
          >
            {say("do.retry")}
          </Button>
        )}
      </Group>
    ),
    autoClose: 9000,
    withBorder: true,
    closeButtonProps: { "aria-label": say("do.close") },
  });
}

export function untell(id: string): void {
  notifications.hide(id);
}
