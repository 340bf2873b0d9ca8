import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Zap } from "lucide-react";
import { incidentsQuery } from "@/api/queries";
import { useMe } from "@/api/session";
import { say } from "@/lib/words";
import { useIncidentTitle } from "@/features/desk/incident";
import styles from "./Incidents.module.css";

/** Above the inbox, while many write about one thing: what it is, and how many wait. */
export function Incidents() {
  const { can } = useMe();
  const open = (useQuery({ ...incidentsQuery, enabled: can.includes("people.see") }).data ?? []).filter((i) => i.open);
  const title = useIncidentTitle(open.length > 0);
  return open.map((i) => (
    <Link key={i.id} to="/incidents/$incident" params={{ incident: i.id }} className={styles["incident"]}>
      <Zap size={16} aria-hidden />
      <bdi className={styles["what"]}>{title(i)}</bdi>
      <span className={styles["counts"]}>{say("incident.counts", { n: i.conversations, waiting: i.waiting })}</span>
    </Link>
  ));
}
