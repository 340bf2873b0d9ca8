import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Row } from "@/api/types";
import { useNow } from "@/lib/now";
import { instantOf, soon } from "@/lib/time";
import { say } from "@/lib/words";
import { useZone } from "@/ui/Zone";
import { useDesk } from "./DeskProvider";
import { snoozeChoices } from "./snooze";

/** When should it come back? Six good answers, and any other. */
export function SnoozeDialogue({ on, onClose }: { on: Row; onClose: () => void }) {
  const { deeds } = useDesk();
  const now = useNow();
  const zone = useZone();
  const snooze = (until: string) => {
    onClose();
    void deeds.snooze(on, until);
  };
  return (
    <Modal opened onClose={onClose} title={say("snooze.title")} size="sm">
      <Stack gap={4}>
        {snoozeChoices(now, zone).map((choice, i) => (
          <Button
            key={choice.name}
            variant="subtle"
            justify="space-between"
            fw={500}
            data-autofocus={i === 0 || undefined}
            rightSection={
              <Text size="sm" c="dimmed">
                {soon(choice.until, now, zone)}
              </Text>
            }
            onClick={() => snooze(choice.until)}
          >
            {choice.name}
          </Button>
        ))}
        <OtherTime now={now} zone={zone} onPick={snooze} />
      </Stack>
    </Modal>
  );
}

function OtherTime({ now, zone, onPick }: { now: number; zone: string; onPick: (until: string) => void }) {
  const [value, setValue] = useState("");
  const [date = "", time = ""] = value.split("T");
  const instant = date && time ? instantOf(date, time.slice(0, 5), zone) : undefined;
  const past = instant !== undefined && instant <= now;
  return (
    <Group align="flex-end" gap="xs" mt="sm" wrap="nowrap">
      <TextInput
        flex={1}
        type="datetime-local"
        label={say("snooze.other")}
        value={value}
        onChange={(e) => setValue(e.currentTarget.value)}
        error={past ? say("snooze.past") : undefined}
      />
      <Button
        disabled={instant === undefined || past}
        onClick={() => instant && onPick(new Date(instant).toISOString())}
      >
        {say("snooze.other.do")}
      </Button>
    </Group>
  );
}
