import { Button, Group, Stack, Switch } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { say } from "@/lib/words";
import { CalendarEditor, type Hours, usualHours } from "@/ui/CalendarEditor";

interface Props {
  value: Hours | undefined;
  zone: string;
  label: string;
  /** What the switch does. */
  help: string;
  /** What holds when there are no own hours. */
  without?: ReactNode;
  disabled: boolean;
  onSave: (hours: Hours | undefined) => Promise<boolean>;
}

/** Hours of one's own, or those of the company. */
export function OwnHours({ value, zone, label, help, without, disabled, onSave }: Props) {
  const [hours, setHours] = useState(value);
  const [busy, setBusy] = useState(false);
  const dirty = JSON.stringify(hours) !== JSON.stringify(value);
  return (
    <Stack gap="sm">
      <Switch
        label={label}
        description={help}
        checked={hours !== undefined}
        disabled={disabled}
        onChange={(e) => setHours(e.currentTarget.checked ? (value ?? usualHours(zone)) : undefined)}
      />
      {hours ? <CalendarEditor value={hours} onChange={setHours} disabled={disabled} /> : without}
      {dirty && (
        <Group>
          <Button
            loading={busy}
            onClick={async () => {
              setBusy(true);
              await onSave(hours);
              setBusy(false);
            }}
          >
            {say("do.save")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
