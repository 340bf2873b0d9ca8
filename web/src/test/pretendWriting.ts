/** The part of the pretend server that is asked while somebody writes: drafts, who is here, and what is read in an answer. */
import type { Check, Draft, Habits, Remark, Viewer } from "../api/writing";
import type { On } from "./call";

/** Calls that a page makes by itself, and no test means when it asks for the last write. */
export const byItself = /\/(read|draft|presence|check)$/;

export class PretendWriting {
  drafts: Draft[] = [];
  habits: Habits = { undo: 10, then: "waiting" };
  /** Links that do not open. */
  dead: string[] = [];

  constructor(
    readonly now: () => number,
    readonly viewers: (conversation: string) => Viewer[],
    readonly murmur: (kind: "draft" | "presence", conversation: string) => void,
  ) {}

  route(on: On): void {
    const list = <T>(items: T[]) => ({ items, next: "" });
    const full = (d: Draft) => d.text !== "" || d.files.length > 0;
    on("GET", "drafts", () => list(this.drafts.filter(full)));
    on("GET", "conversations/:/draft", ({ path }) => list(this.drafts.filter((d) => d.conversation === path[1])));
    on("PUT", "conversations/:/draft", ({ path, body }) => this.#save(path[1]!, body));
    on("GET", "conversations/:/presence", ({ path }) => list(this.viewers(path[1]!)));
    on("PUT", "conversations/:/presence", ({ path }) => list(this.viewers(path[1]!)));
    on("POST", "conversations/:/check", ({ body }) => this.#check(body));
    on("POST", "links/check", ({ body }) =>
      list(
        (body["links"] as string[]).map((url) =>
          this.dead.includes(url) ? { url, is: "dead", why: "There is no such page." } : { url, is: "opens" },
        ),
      ),
    );
  }

  #save(conversation: string, body: Record<string, unknown>): Draft {
    const draft: Draft = {
      conversation,
      kind: body["kind"] as Draft["kind"],
      text: body["text"] as string,
      files: (body["files"] as Draft["files"]) ?? [],
      private: (body["private"] as boolean) ?? false,
      cc: (body["cc"] as string[]) ?? [],
      ...(body["ccFor"] ? { ccFor: body["ccFor"] as string } : {}),
      at: new Date(this.now() - Number(body["ago"] ?? 0)).toISOString(),
    };
    this.drafts = [...this.drafts.filter((d) => d.conversation !== conversation || d.kind !== draft.kind), draft];
    return draft;
  }

  /** What was sent is no draft any more. */
  sent(conversation: string): void {
    this.drafts = this.drafts.filter((d) => d.conversation !== conversation || d.kind !== "reply");
  }

  #check(body: Record<string, unknown>): Check {
    const text = body["text"] as string;
    const remarks: Remark[] = [];
    const phone = /\+\d[\d ]{7,}\d/.exec(text)?.[0];
    if (phone && !body["private"]) {
      remarks.push({ kind: "private", found: [{ what: "phone", text: phone }], wanted: [], offer: "private" });
    }
    if (text.includes("only do marketing")) {
      remarks.push({ kind: "deadEnd", found: [{ what: "deadEnd", text }], wanted: [], offer: "putThrough" });
    }
    const fits = text.length <= 500;
    const halves = [text.slice(0, text.length / 2), text.slice(text.length / 2)].map((s) => s.trim());
    const parts = fits || body["private"] ? [] : body["numbered"] ? halves.map((p, k) => `${p} (${k + 1}/2)`) : halves;
    return { remarks, fits, parts, links: text.match(/https?:\/\/\S+/g) ?? [] };
  }
}
