import { ActionIcon, Anchor, Tooltip } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CheckCheck } from "lucide-react";
import { say } from "@/lib/words";
import { Async } from "@/ui/Async";
import { NotificationList } from "./NotificationList";
import styles from "./Notify.module.css";
import { notificationsQuery } from "./queries";
import { useNotifications } from "./useNotifications";

/** What stands behind the bell: the newest, and the way to all. */
export function Sheet() {
  const query = useInfiniteQuery(notificationsQuery(false));
  const deeds = useNotifications();
  const first = query.data?.pages[0];
  const items = first?.items.slice(0, 20);
  return (
    <div className={styles["sheet"]}>
      <div className={styles["sheetHead"]}>
        <span>{say("bell.title")}</span>
        {first !== undefined && first.unread > 0 && (
          <Tooltip label={say("bell.readAll")}>
            <ActionIcon
              size={30}
              aria-label={say("bell.readAll")}
              onClick={() => void deeds.readAll(first.items[0]?.at)}
            >
              <CheckCheck size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      <div className={styles["sheetBody"]}>
        <Async of={{ ...query, data: items }} empty={say("bell.empty")}>
          {(list) => <NotificationList items={list} deeds={deeds} />}
        </Async>
      </div>
      <div className={styles["sheetFoot"]}>
        <Anchor inherit renderRoot={(props) => <Link to="/notifications" {...props} />}>
          {say("bell.all")}
        </Anchor>
        <Anchor inherit renderRoot={(props) => <Link to="/me/notifications" {...props} />}>
          {say("bell.settings")}
        </Anchor>
      </div>
    </div>
  );
}
