import { UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { LayoutDashboard, Menu } from "lucide-react";
import { countsQuery } from "@/api/queries";
import { useUnread } from "@/features/notify/Bell";
import { say } from "@/lib/words";
import { useMe } from "@/api/session";
import { viewsOf } from "./goto";
import styles from "./TabBar.module.css";

/** On a phone the views stand under the thumb. */
export function TabBar({ onMenu }: { onMenu: () => void }) {
  const counts = useQuery(countsQuery).data;
  const unread = useUnread();
  // Who is asked something finds it here too; otherwise the room is the others'.
  const { can } = useMe();
  const shown = viewsOf(can).filter(
    ({ view }, i) => i < 4 || ((view === "asked" || view === "promised") && counts?.[view]),
  );
  return (
    <nav className={styles["bar"]} aria-label={say("nav.inbox")}>
      {shown.map(({ view, icon: Icon }) => (
        <Link
          key={view}
          to="/inbox/$view/{-$conversation}"
          params={{ view, conversation: undefined }}
          className={styles["tab"]}
          activeOptions={{ includeSearch: false }}
          activeProps={{ "data-active": true, "aria-current": "page" }}
        >
          <span className={styles["sign"]}>
            <Icon size={20} aria-hidden />
            {counts?.[view] ? (
              <span className={styles["count"]}>{counts[view] > 99 ? "99+" : counts[view]}</span>
            ) : null}
          </span>
          <span className={styles["label"]}>
            {say(view === "department" || view === "asked" ? `nav.${view}.short` : `nav.${view}`)}
          </span>
        </Link>
      ))}
      {can.includes("people.see") && !can.includes("answer") && (
        <Link to="/board" className={styles["tab"]} activeProps={{ "data-active": true, "aria-current": "page" }}>
          <span className={styles["sign"]}>
            <LayoutDashboard size={20} aria-hidden />
          </span>
          <span className={styles["label"]}>{say("nav.board")}</span>
        </Link>
      )}
      <UnstyledButton className={styles["tab"]} onClick={onMenu}>
        <span className={styles["sign"]}>
          <Menu size={20} aria-hidden />
          {unread && (
            <span className={styles["count"]} role="img" aria-label={say("bell.open", { n: unread })}>
              {unread}
            </span>
          )}
        </span>
        <span className={styles["label"]}>{say("app.menu")}</span>
      </UnstyledButton>
    </nav>
  );
}
