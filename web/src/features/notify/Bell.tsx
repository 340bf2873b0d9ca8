import { ActionIcon, Popover } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRouterState } from "@tanstack/react-router";
import { Bell as Glyph } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { say } from "@/lib/words";
import styles from "./Notify.module.css";
import { unreadQuery } from "./queries";

const Sheet = lazy(() => import("./Sheet").then((m) => ({ default: m.Sheet })));

/** How many are not read, as it stands on the bell: nothing for none. */
export function useUnread(): string {
  const n = useQuery(unreadQuery).data?.unread ?? 0;
  return n > 99 ? "99+" : n > 0 ? String(n) : "";
}

/** The bell: how many are not read, and on a click what they are. */
export function Bell() {
  const unread = useUnread();
  const [opened, setOpened] = useState(false);
  const address = useRouterState({ select: (s) => s.location.href });
  useEffect(() => {
    // Going somewhere closes the sheet that led there.
    setOpened(false);
  }, [address]);
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      width={380}
      position="bottom-start"
      trapFocus
      withinPortal
      shadow="md"
    >
      <Popover.Target>
        <ActionIcon
          className={styles["bell"] ?? ""}
          size={32}
          aria-label={unread ? say("bell.open", { n: unread }) : say("bell.none")}
          onClick={() => setOpened((was) => !was)}
        >
          <Glyph size={17} aria-hidden />
          {unread && (
            <span className={styles["count"]} aria-hidden>
              {unread}
            </span>
          )}
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p={0} maw="calc(100vw - 16px)" aria-label={say("bell.title")}>
        {opened && (
          <Suspense>
            <Sheet />
          </Suspense>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
