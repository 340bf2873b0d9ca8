import { useQuery } from "@tanstack/react-query";
import { topicsQuery } from "@/api/queries";
import { useMe } from "@/api/session";
import type { Incident } from "@/api/types";
import { say } from "@/lib/words";

/** What an incident is about, in words. */
export function useIncidentTitle(wanted = true): (incident: Incident) => string {
  const { can } = useMe();
  const topics = useQuery({ ...topicsQuery, enabled: wanted && can.includes("people.see") }).data ?? [];
  return ({ kind, what }) =>
    say(`incident.${kind}`, { what: kind === "topic" ? (topics.find((t) => t.key === what)?.name ?? what) : what });
}
