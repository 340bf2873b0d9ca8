import type { QueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { Ref, Request, Row } from "@/api/types";
import { say } from "@/lib/words";

/** The name under which a browser keeps what somebody has begun to answer. */
export const answerDraft = (person: string, request: string) => `${person}:${request}:answer`;

/** Answers a request, once under a key. */
export function answerRequest(id: string, text: string, key: string): Promise<Request> {
  const params = { path: { id }, header: { "Idempotency-Key": key } };
  return answer(api.POST("/api/requests/{id}/answer", { params, body: { text } }));
}

/** Has read again what a request changes. */
export function heard(queries: QueryClient, conversation: string): void {
  void queries.invalidateQueries({ queryKey: ["conversation", conversation] });
  void queries.invalidateQueries({ queryKey: ["conversations"] });
  void queries.invalidateQueries({ queryKey: ["counts"] });
}

/** Whom it is asked of, as people say it. */
export function ofWhom(r: { department: Ref; person?: Ref }): string {
  return r.person ? say("request.of", { person: r.person.name, department: r.department.name }) : r.department.name;
}

/** Those that wait, what is asked of me first and of these what is due first; and those that are done, the newest first. */
export function sorted(list: readonly Request[]): { open: Request[]; ended: Request[] } {
  const open = list.filter((r) => r.state === "open");
  open.sort((a, b) => Number(b.mine) - Number(a.mine) || Date.parse(a.due) - Date.parse(b.due));
  return { open, ended: list.filter((r) => r.state !== "open").reverse() };
}

/** The newest answer of a colleague in a conversation that is open on the screen. */
export function newestAnswer(of: Row | { requests: Request[] }): Request | undefined {
  const answers = "requests" in of ? of.requests.filter((r) => r.state === "answered" && r.answer) : [];
  return answers.toSorted((a, b) => Date.parse(b.endedAt ?? b.at) - Date.parse(a.endedAt ?? a.at))[0];
}

/** A draft with words put in that somebody has, as what a colleague answered: once, below what is there. */
export function withAnswer(draft: string, text: string): string {
  if (draft.includes(text)) {
    return draft;
  }
  return draft.trim() === "" ? text : `${draft.trimEnd()}\n\n${text}`;
}

/** Whom a conversation waits for, in few words: the first by name, and how many more. */
export function waitsFor(row: Row): string {
  const [first, ...more] = row.waitsFor;
  if (!first) {
    return "";
  }
  const name = first.person?.name.split(" ")[0] ?? first.department.name;
  return more.length > 0 ? say("row.waits.more", { name, n: row.asked - 1 }) : say("row.waits", { name });
}
