import { UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleHelp, Search } from "lucide-react";
import type { ReactNode } from "react";
import { countsQuery, departmentsQuery } from "@/api/queries";
import { useMe, useSession } from "@/api/session";
import { Bell } from "@/features/notify/Bell";
import { say } from "@/lib/words";
import { Keys } from "@/ui/Keys";
import { Mark } from "@/ui/Mark";
import { mayGo, places, viewsOf } from "./goto";
import { SavedViews } from "./SavedViews";
import { Me } from "./MeButton";
import styles from "./Navigation.module.css";

/** The way to everywhere: the views with what is open in them, the departments, the company. */
export function Navigation({ onPalette, onHelp }: { onPalette: () => void; onHelp: () => void }) {
  const { organisation } = useSession();
  const { can } = useMe();
  return (
    <nav className={styles["nav"]} aria-label={say("nav.main")}>
      <div className={styles["top"]}>
        <Mark size={22} />
        <bdi className={styles["organisation"]}>{organisation.name || say("app.name")}</bdi>
        <Bell />
      </div>
      <UnstyledButton data-tour="palette" className={styles["search"]} onClick={onPalette}>
        <Search size={15} aria-hidden />
        <span>{say("app.search")}</span>
        <Keys of="mod+k" />
      </UnstyledButton>
      <div className={styles["scroll"]}>
        <Views />
        {can.includes("people.see") && <SavedViews />}
        {can.includes("people.see") && <Departments />}
        <div className={styles["heading"]}>{say("nav.admin")}</div>
        <ul className={styles["list"]}>
          {places
            .filter((p) => mayGo(p, can))
            .map(({ to, name, icon: Icon }) => (
              <li key={to}>
                <Link
                  to={to}
                  className={styles["item"]}
                  activeOptions={{ exact: to === "/settings" }}
                  activeProps={{ "data-active": true, "aria-current": "page" }}
                >
                  <Icon size={16} aria-hidden />
                  <span className={styles["label"]}>{say(name)}</span>
                </Link>
              </li>
            ))}
          <li>
            <UnstyledButton className={styles["item"]} onClick={onHelp}>
              <CircleHelp size={16} aria-hidden />
              <span className={styles["label"]}>{say("nav.help")}</span>
              <Keys of="?" />
            </UnstyledButton>
          </li>
        </ul>
      </div>
      <Me />
    </nav>
  );
}

function Views() {
  const counts = useQuery(countsQuery).data;
  const { can } = useMe();
  return (
    <ul data-tour="views" className={styles["list"]}>
      {viewsOf(can).map(({ view, icon: Icon }) => (
        <li key={view}>
          <InboxLink view={view}>
            <Icon size={16} aria-hidden />
            <span className={styles["label"]}>{say(`nav.${view}`)}</span>
            <Count n={counts?.[view]} />
          </InboxLink>
        </li>
      ))}
    </ul>
  );
}

function InboxLink({ view, department, children }: { view: string; department?: string; children: ReactNode }) {
  return (
    <Link
      to="/inbox/$view/{-$conversation}"
      params={{ view, conversation: undefined }}
      search={department ? { department } : {}}
      className={styles["item"]}
      activeOptions={{ exact: false, includeSearch: department !== undefined, explicitUndefined: false }}
      activeProps={{ "data-active": true, "aria-current": "page" }}
    >
      {children}
    </Link>
  );
}

function Departments() {
  const counts = useQuery(countsQuery).data;
  const departments = useQuery(departmentsQuery).data ?? [];
  if (departments.length < 2) {
    return null;
  }
  return (
    <>
      <div className={styles["heading"]}>{say("nav.departments")}</div>
      <ul className={styles["list"]}>
        {departments.map((d) => (
          <li key={d.id}>
            <InboxLink view="all" department={d.id}>
              <span className={styles["bullet"]} aria-hidden />
              <bdi className={styles["label"]}>{d.name}</bdi>
              <Count n={counts?.byDepartment[d.id]} />
            </InboxLink>
          </li>
        ))}
      </ul>
    </>
  );
}

function Count({ n }: { n: number | undefined }) {
  return n ? <span className={styles["count"]}>{n > 9999 ? "9999+" : n}</span> : null;
}
