import { keepPreviousData, type QueryClient, infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { Conversation, Entry, FoundPromise, NewPromise, NewReply, Promised, Ref } from "@/api/types";
import { instantOf, wall } from "@/lib/time";
import { say } from "@/lib/words";

export const whoses = ["mine", "department", "company"] as const;
export const promiseStates = ["open", "late", "kept", "keptLate", "broken", "withdrawn"] as const;
export const promiseDays = [30, 90, 365];

/** What the page of promises keeps in its address. */
export interface PromiseFilter {
  whose?: (typeof whoses)[number];
  state?: (typeof promiseStates)[number];
  days?: number;
  /** One department's, or what one person must deliver; whose is not asked then. */
  department?: string;
  person?: string;
}

/** A filter with what it leaves out filled in. */
export type WholePromiseFilter = PromiseFilter & Required<Pick<PromiseFilter, "whose" | "state" | "days">>;

export function readPromiseFilter(search: Record<string, unknown>): PromiseFilter {
  const { whose, state, department, person } = search;
  const days = Number(search["days"]);
  return {
    ...(whoses.includes(whose as "mine") ? { whose: whose as "mine" } : {}),
    ...(promiseStates.includes(state as "open") ? { state: state as "open" } : {}),
    ...(promiseDays.includes(days) ? { days } : {}),
    ...(typeof person === "string" && person ? { person } : {}),
    ...(typeof department === "string" && department && !person ? { department } : {}),
  };
}

/** The promises behind a figure; the live feed has them read again. */
export const promisesQuery = (query: WholePromiseFilter) =>
  infiniteQueryOptions({
    queryKey: ["promises", "list", query],
    queryFn: ({ pageParam }) =>
      answer(api.GET("/api/promises", { params: { query: { ...query, limit: 50, ...(pageParam ? { after: pageParam } : {}) } } })), // prettier-ignore
    initialPageParam: "",
    getNextPageParam: (last) => last.next || undefined,
    staleTime: 10_000,
  });

export const promiseFiguresQuery = ({ whose, days, department, person }: WholePromiseFilter) =>
  queryOptions({
    queryKey: ["promises", "figures", whose, days, department, person],
    queryFn: () =>
      answer(
        api.GET("/api/promises/figures", {
          params: { query: { whose, days, ...(department ? { department } : {}), ...(person ? { person } : {}) } },
        }),
      ),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });

/** What a text would promise the contact of a conversation. */
export async function findPromises(conversation: string, text: string): Promise<FoundPromise[]> {
  if (text.trim().length < 6) {
    return [];
  }
  const found = await answer(
    api.POST("/api/conversations/{id}/promises/find", { params: { path: { id: conversation } }, body: { text } }),
  );
  return found.items;
}

/** Has read again what a promise changes. */
export function promiseHeard(queries: QueryClient, conversation: string | undefined): void {
  if (conversation) {
    void queries.invalidateQueries({ queryKey: ["conversation", conversation] });
  }
  void queries.invalidateQueries({ queryKey: ["conversations"] });
  void queries.invalidateQueries({ queryKey: ["counts"] });
  void queries.invalidateQueries({ queryKey: ["promises"] });
  void queries.invalidateQueries({ queryKey: ["deliveries"] });
}

/** Who must deliver, in one word for a field. */
export function delivererOf(p: { department: Ref; person?: Ref | undefined }): string {
  return p.person ? `${p.department.id}:${p.person.id}` : p.department.id;
}

/** Who must deliver, out of that word. */
export function delivererFrom(word: string): { department: string; person?: string } {
  const [department = "", person] = word.split(":");
  return person ? { department, person } : { department };
}

/** A promise as the composer sends it. */
export function making(p: FoundPromise): NewPromise {
  return {
    text: p.text,
    kind: p.kind,
    department: p.department.id,
    ...(p.person ? { person: p.person.id } : {}),
    ...(p.due && !p.if ? { due: p.due, exact: p.exact, dated: true, words: p.words ?? "" } : {}),
  };
}

/** What we said since a promise was made, the newest first: what may have kept it. */
export function proofs(c: Conversation, p: Promised): Extract<Entry, { kind: "message" }>[] {
  return c.timeline
    .filter((e) => e.kind === "message")
    .filter((e) => e.direction === "out" && !e.deleted && e.at >= p.at)
    .reverse();
}

/** Those that wait, what is due first first; and those that have ended, the newest first. */
export function sortedPromises(list: readonly Promised[]): { open: Promised[]; ended: Promised[] } {
  const open = list.filter((p) => p.state === "open" || p.state === "unsaid");
  open.sort((a, b) => Date.parse(a.due) - Date.parse(b.due));
  const ended = list.filter((p) => p.state !== "open" && p.state !== "unsaid");
  return { open, ended: ended.sort((a, b) => (b.endedAt ?? "").localeCompare(a.endedAt ?? "")) };
}

/** How a promise ended, in a sentence. */
export function endingOf(p: Promised): string {
  const who = p.endedBy?.name ?? say("promise.somebody");
  return say(p.state === "kept" && p.late ? "promise.is.keptLate" : `promise.is.${p.state as "kept"}`, { who });
}

/** An instant as a field for date and time shows it, on the viewer's wall; and back. */
export function fieldOf(instant: string | undefined, zone: string): string {
  if (!instant) {
    return "";
  }
  const { date, time } = wall(Date.parse(instant), zone);
  return `${date}T${time}`;
}

export function instantFrom(field: string, zone: string): string | undefined {
  const [date = "", time = ""] = field.split("T");
  return date && time ? new Date(instantOf(date, time.slice(0, 5), zone)).toISOString() : undefined;
}

/** The beginning of an answer that says a promise is kept, in the language the contact writes. It is for a person to finish. */
export function preparedAnswer(language: string, promise: string): string {
  const said: Record<string, (text: string) => string> = {
    de: (t) => `Wir hatten Ihnen geschrieben: „${t}“ Das ist jetzt erledigt.`,
    fr: (t) => `Nous vous avions écrit : « ${t} » C'est fait.`,
    es: (t) => `Le habíamos escrito: «${t}» Ya está hecho.`,
    it: (t) => `Le avevamo scritto: «${t}» Ora è fatto.`,
    pt: (t) => `Tínhamos escrito: “${t}” Já está feito.`,
    nl: (t) => `We schreven u: “${t}” Dat is nu gedaan.`,
    pl: (t) => `Pisaliśmy: „${t}” To już zrobione.`,
  };
  return (said[language] ?? ((t) => `We wrote to you: “${t}” That is done now.`))(promise);
}

/** How many promises are open here once an answer is sent. */
export function leftPromised(c: Conversation, also: Pick<NewReply, "promises" | "keeps">): number {
  return c.promised - (also.keeps?.length ?? 0) + (also.promises?.length ?? 0);
}
