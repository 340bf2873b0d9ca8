import { useQuery } from "@tanstack/react-query";
import { accountsQuery, departmentsQuery, intentsQuery, peopleQuery, topicsQuery } from "@/api/queries";
import { useMe } from "@/api/session";
import type { Narrowing } from "@/api/types";
import { say, sayOr } from "@/lib/words";

interface Choice {
  value: string;
  label: string;
}

const languages = ["en", "de", "fr", "es", "it", "pt", "nl", "pl"];
const standings = ["customer", "prospect", "journalist", "influencer", "partner", "candidate", "stakeholder", "advocate", "detractor"]; // prettier-ignore
const days = [1, 7, 30, 90];
export const fromList: Narrowing[] = ["department", "owner", "account", "channel", "intent", "topic", "language", "standing", "urgency", "days"]; // prettier-ignore

/** What can be filtered by, with the names of the choices. */
export function useFilterChoices(): Partial<Record<Narrowing, Choice[]>> {
  const { can } = useMe();
  const inside = can.includes("people.see");
  const departments = useQuery(departmentsQuery).data ?? [];
  const accounts = useQuery(accountsQuery).data ?? [];
  const intents = useQuery(intentsQuery).data ?? [];
  const people = useQuery({ ...peopleQuery(), enabled: inside }).data ?? [];
  const topics = useQuery({ ...topicsQuery, enabled: inside }).data ?? [];
  const names = new Intl.DisplayNames(["en"], { type: "language" });
  return {
    department: departments.map((d) => ({ value: d.id, label: d.name })),
    owner: people.map((p) => ({ value: p.id, label: p.name })),
    account: accounts.map((a) => ({ value: a.id, label: `${a.name} ${a.handle}` })),
    channel: [...new Set(accounts.map((a) => a.channel))].map((c) => ({ value: c, label: sayOr(`channel.${c}`, c) })),
    intent: intents.map((i) => ({ value: i.key, label: i.title })),
    topic: topics.map((t) => ({ value: t.key, label: t.name })),
    language: languages.map((l) => ({ value: l, label: names.of(l) ?? l })),
    standing: standings.map((s) => ({ value: s, label: sayOr(`standing.${s}`, s) })),
    urgency: (["now", "today", "normal"] as const).map((u) => ({ value: u, label: say(`inbox.filter.urgency.${u}`) })),
    days: days.map((n) => ({ value: String(n), label: say("inbox.filter.days.n", { n }) })),
  };
}
