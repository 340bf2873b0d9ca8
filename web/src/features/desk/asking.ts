import type { QueryClient } from "@tanstack/react-query";
import type { Ref, Request } from "@/api/types";
import { say } from "@/lib/words";

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
