import { ActionIcon, type ActionIconProps, Button, type ButtonProps, Group, Menu, Tooltip } from "@mantine/core";
import { useMergedRef } from "@mantine/hooks";
import { Ellipsis } from "lucide-react";
import type { ComponentPropsWithoutRef, ComponentPropsWithRef, ReactNode } from "react";
import { type Deed, shortcut } from "@/lib/actions";
import { say } from "@/lib/words";
import { Keys } from "./Keys";
import { type Known, useButtonDeed } from "./useButtonDeed";

/** A button for a deed; its key stands in the tip. */
export function ActionButton({ deed, ...rest }: { deed: Deed } & ButtonProps) {
  const Icon = deed.icon;
  return (
    <Tooltip label={<DeedTip deed={deed} />} disabled={!deed.key}>
      <Button
        variant="default"
        leftSection={Icon && <Icon size={15} aria-hidden />}
        aria-keyshortcuts={shortcut(deed.key)}
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
      <ActionIcon size={32} aria-label={deed.name} aria-keyshortcuts={shortcut(deed.key)} onClick={() => deed.run()}>
        <Icon size={17} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

type DeedButtonProps = Known &
  ButtonProps &
  Omit<ComponentPropsWithoutRef<"button">, keyof ButtonProps> & {
    /** What the palette and the help call it; absent: the words on the button. */
    name?: string;
    renderRoot?: (props: Record<string, unknown>) => ReactNode;
  };

/** A button that makes its deed known by itself. */
export function DeedButton({ deed: id, hotkey, name, inRow, children, ...rest }: DeedButtonProps) {
  const said = name ?? (typeof children === "string" ? children : "");
  const off = rest.disabled === true || rest.loading === true;
  const { button, deed } = useButtonDeed({ deed: id, hotkey, ...(inRow ? { inRow } : {}) }, said, off);
  return (
    <Tooltip label={<DeedTip deed={deed} />}>
      <Button ref={button} aria-keyshortcuts={off ? undefined : shortcut(hotkey)} {...rest}>
        {children}
      </Button>
    </Tooltip>
  );
}

type DeedIconProps = Known &
  ActionIconProps &
  Omit<ComponentPropsWithRef<"button">, keyof ActionIconProps> & {
    /** What it is called: to those who hear the page, in the palette and in the help. */
    name: string;
    /** What is said of it beside its row, where the name alone does not tell. */
    label?: string;
  };

/** The same as a glyph. */
export function DeedIcon({ deed: id, hotkey, name, label = name, inRow, ref, ...rest }: DeedIconProps) {
  const { button, deed } = useButtonDeed(
    { deed: id, hotkey, ...(inRow ? { inRow } : {}) },
    name,
    rest.disabled === true,
  );
  return (
    <Tooltip label={<DeedTip deed={deed} />}>
      <ActionIcon ref={useMergedRef(button, ref)} aria-label={label} aria-keyshortcuts={shortcut(hotkey)} {...rest} />
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
