import { ActionIcon, Button, type ButtonProps, Group, Menu, Tooltip } from "@mantine/core";
import { Ellipsis } from "lucide-react";
import type { Deed } from "@/lib/actions";
import { say } from "@/lib/words";
import { Keys } from "./Keys";

/** A button for a deed; its key stands in the tip. */
export function ActionButton({ deed, ...rest }: { deed: Deed } & ButtonProps) {
  const Icon = deed.icon;
  return (
    <Tooltip label={<DeedTip deed={deed} />} disabled={!deed.key}>
      <Button
        variant="default"
        leftSection={Icon && <Icon size={15} aria-hidden />}
        onClick={() => deed.run()}
        {...rest}
      >
        {deed.name}
      </Button>
    </Tooltip>
  );
}

/** The same without its name, where room is short. */
export function ActionGlyph({ deed }: { deed: Deed }) {
  const Icon = deed.icon ?? Ellipsis;
  return (
    <Tooltip label={<DeedTip deed={deed} />}>
      <ActionIcon size={32} aria-label={deed.name} onClick={() => deed.run()}>
        <Icon size={17} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

/** Deeds behind three dots. */
export function ActionMenu({ deeds, label = say("do.more") }: { deeds: Deed[]; label?: string }) {
  if (deeds.length === 0) {
    return null;
  }
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon size={32} aria-label={label}>
          <Ellipsis size={17} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {deeds.map((deed) => {
          const Icon = deed.icon;
          return (
            <Menu.Item
              key={deed.id}
              leftSection={Icon && <Icon size={15} aria-hidden />}
              rightSection={deed.key && <Keys of={deed.key} />}
              onClick={() => deed.run()}
            >
              {deed.name}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}

function DeedTip({ deed }: { deed: Deed }) {
  return (
    <Group gap={8} wrap="nowrap">
      {deed.name}
      {deed.key && <Keys of={deed.key} />}
    </Group>
  );
}
