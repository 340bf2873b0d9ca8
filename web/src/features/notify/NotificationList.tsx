import { ActionIcon, Tooltip, UnstyledButton } from "@mantine/core";
import {
  AlarmClock,
  AtSign,
  Bell,
  Check,
  CirclePause,
  CornerUpLeft,
  Inbox,
  type LucideIcon,
  MessageCircleQuestionMark,
  MessageSquare,
  SendHorizontal,
  StickyNote,
  TriangleAlert,
  Waypoints,
} from "lucide-react";
import type { Notification } from "@/api/types";
import { say } from "@/lib/words";
import { When } from "@/ui/Due";
import styles from "./Notify.module.css";
import type { NotificationDeeds } from "./useNotifications";

const icons: Record<string, LucideIcon> = {
  put_through: Waypoints,
  wrote: MessageSquare,
  asked: MessageCircleQuestionMark,
  answered: CornerUpLeft,
  mention: AtSign,
  note: StickyNote,
  clock_warned: AlarmClock,
  clock_breached: AlarmClock,
  queue: Inbox,
  delivery: TriangleAlert,
  approval: SendHorizontal,
  account: TriangleAlert,
  stopped: CirclePause,
};
const urgent = ["clock_breached", "delivery", "account", "stopped"];

/** Notifications, each a way to what it is about. */
export function NotificationList({ items, deeds }: { items: Notification[]; deeds: NotificationDeeds }) {
  return (
    <ul className={styles["list"]}>
      {items.map((n) => {
        const Icon = icons[n.kind] ?? Bell;
        return (
          <li key={n.id} className={styles["item"]} data-unread={!n.read || undefined}>
            <UnstyledButton className={styles["open"]} onClick={() => deeds.open(n)}>
              <span className={styles["icon"]} data-urgent={urgent.includes(n.kind) || undefined}>
                <Icon size={16} aria-hidden />
              </span>
              <span className={styles["words"]}>
                <bdi className={styles["text"]}>{n.text}</bdi>
                {n.excerpt && <bdi className={styles["excerpt"]}>{n.excerpt}</bdi>}
              </span>
              <span className={styles["when"]}>
                {!n.read && <span className={styles["dot"]} role="img" aria-label={say("bell.unread")} />}
                <When at={n.at} />
              </span>
            </UnstyledButton>
            {!n.read && (
              <Tooltip label={say("bell.markRead")}>
                <ActionIcon
                  className={styles["mark"] ?? ""}
                  size={28}
                  aria-label={`${say("bell.markRead")}: ${n.text}`}
                  onClick={() => void deeds.read(n)}
                >
                  <Check size={15} aria-hidden />
                </ActionIcon>
              </Tooltip>
            )}
          </li>
        );
      })}
    </ul>
  );
}
