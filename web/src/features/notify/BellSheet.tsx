import { Popover } from "@mantine/core";
import { useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { say } from "@/lib/words";
import { useOpenedAtOnce } from "@/ui/LazyMenu";
import { BellButton } from "./Bell";
import { Sheet } from "./Sheet";

/** The bell with its sheet. */
export function BellSheet() {
  const { target, menu } = useOpenedAtOnce();
  const { opened, onChange } = menu;
  const address = useRouterState({ select: (s) => s.location.href });
  const from = useRef(address);
  useEffect(() => {
    // Going somewhere closes the sheet that led there.
    if (from.current !== address) {
      from.current = address;
      onChange(false);
    }
  }, [address, onChange]);
  return (
    <Popover opened={opened} onChange={onChange} width={380} position="bottom-start" trapFocus withinPortal shadow="md">
      <Popover.Target>
        <BellButton ref={target} onClick={() => onChange((was) => !was)} />
      </Popover.Target>
      <Popover.Dropdown p={0} maw="calc(100vw - 16px)" aria-label={say("bell.title")}>
        {opened && <Sheet />}
      </Popover.Dropdown>
    </Popover>
  );
}
