/** A library of answers that keeps versions, thumbs and what is due for review, as the server does. */
import type { AnswerBody, AnswerEntry, AnswerLine, AnswerText, AnswerVersion, ProposedAnswer } from "../api/types";
import { departmentRefs } from "./acme";
import { refuse } from "./call";
import type { Pretend } from "./pretend";

const grace = { id: "per_grace0001", name: "Grace Hall" };

/** A text as it would be read and sent. */
function shown({ language, title, body }: AnswerBody["texts"][number]): AnswerText {
  const variables = [...body.matchAll(/\{\{(.+?)\}\}/g)].map((m) => m[1]!);
  return { language, title, body, html: `<p>${body}</p>`, plain: body, variables, unknown: variables.filter((v) => !v.includes(".")) };
} // prettier-ignore

const guarantee = "The guarantee is two years, {{contact.first_name}}. Your number is {{number}}.";

export const warranty: AnswerEntry = {
  id: "ans_warranty1",
  title: "How long is the guarantee?",
  excerpt: "The guarantee is two years.",
  language: "en",
  languages: ["en", "de"],
  texts: [
    shown({ language: "en", title: "How long is the guarantee?", body: guarantee }),
    shown({ language: "de", title: "Wie lange gilt die Garantie?", body: "Zwei Jahre." }),
  ],
  audience: "public",
  owner: { department: departmentRefs.service },
  topics: [],
  intents: ["support"],
  tags: ["warranty"],
  for: [],
  stale: "",
  mine: false,
  version: 3,
  createdAt: "2026-01-10T10:00:00Z",
  changedAt: "2026-11-01T10:00:00Z",
  changedBy: grace,
  reviewAt: "2027-01-10T10:00:00Z",
  up: 4,
  down: 1,
  used: 12,
  edited: 3,
  thumb: "none",
  can: ["change", "rate"],
};

export const refund: AnswerEntry = {
  ...warranty,
  id: "ans_refund001",
  title: "When does the money come back?",
  excerpt: "Within ten days.",
  languages: ["en"],
  texts: [shown({ language: "en", title: "When does the money come back?", body: "Within ten days." })],
  audience: "inside",
  tags: [],
  for: [departmentRefs.accounts],
  stale: "due",
  mine: true,
  used: 0,
  edited: 0,
  up: 0,
  down: 0,
};

/** Has a pretend server hold these entries. What it holds may be changed by a test. */
export class PretendAnswers {
  readonly all = new Map<string, AnswerEntry>();
  readonly versions: AnswerVersion[] = [];
  proposed: ProposedAnswer | undefined;

  constructor(h: Pretend, entries: AnswerEntry[] = [warranty, refund]) {
    entries.forEach((a) => this.all.set(a.id, structuredClone(a)));
    h.over("GET", "answers/:", ({ path }) => this.entry(path[1]));
    h.over("GET", "answers", ({ query }) => this.#list(query));
    h.over("POST", "answers", ({ body }) => {
      const id = h.id("ans");
      this.all.set(id, { ...structuredClone(refund), id, version: 0, stale: "", mine: false, for: [], thumb: "none" });
      return this.#write(id, body as unknown as AnswerBody);
    });
    h.over("POST", "answers/preview", ({ body }) => shown({ language: "", title: "", body: String(body["text"]) }));
    h.over("PUT", "answers/:", ({ path, body }) =>
      body["version"] === this.entry(path[1]).version
        ? this.#write(path[1]!, body as unknown as AnswerBody)
        : refuse(409, "Somebody has changed it meanwhile."),
    );
    h.over("POST", "answers/:/archive", ({ path }) => this.set(path[1], { archivedAt: h.at(0) }));
    h.over("POST", "answers/:/unarchive", ({ path }) => {
      delete this.entry(path[1]).archivedAt;
      return this.entry(path[1]);
    });
    h.over("POST", "answers/:/reviewed", ({ path }) => this.set(path[1], { stale: "", reviewAt: h.at(365 * 86_400_000) }));
    h.over("PUT", "answers/:/thumb", ({ path, body }) => this.#rate(path[1], body["thumb"] as AnswerEntry["thumb"]));
    h.over("GET", "answers/:/versions", () => ({ items: this.versions, next: "" }));
    h.over("POST", "answers/:/versions/:/restore", ({ path }) => {
      const old = this.versions.find((v) => v.number === Number(path[3])) ?? refuse(404, "There is no such version.");
      return this.set(path[1], { texts: old.texts, title: old.texts[0]!.title, version: this.entry(path[1]).version + 1 });
    });
    h.over("GET", "messages/:/answer", () => this.proposed ?? refuse(404, "There is no such message."));
  } // prettier-ignore

  entry(id: string | undefined): AnswerEntry {
    return this.all.get(id ?? "") ?? refuse(404, "There is no such answer.");
  }

  /** Changes an entry, as somebody else would. */
  set(id: string | undefined, change: Partial<AnswerEntry>): AnswerEntry {
    return Object.assign(this.entry(id), change);
  }

  #write(id: string, { texts, audience, tags = [], ...rest }: AnswerBody): AnswerEntry {
    const first = texts[0]!;
    return this.set(id, {
      texts: texts.map(shown), title: first.title, excerpt: first.body, languages: texts.map((t) => t.language), audience, tags: tags ?? [],
      version: this.entry(id).version + 1, ...(rest.reviewAt ? { reviewAt: rest.reviewAt } : {}),
    });
  } // prettier-ignore

  #rate(id: string | undefined, thumb: AnswerEntry["thumb"]): AnswerEntry {
    const a = this.entry(id);
    const counted = (which: "up" | "down") => a[which] - Number(a.thumb === which) + Number(thumb === which);
    return this.set(id, { up: counted("up"), down: counted("down"), thumb });
  }

  #list(query: URLSearchParams) {
    const of = [...this.all.values()];
    const used = of.filter((a) => !a.archivedAt);
    const due = used.filter((a) => a.stale);
    const view = { review: due, archived: of.filter((a) => a.archivedAt) }[query.get("view") ?? ""] ?? used;
    const q = (query.get("q") ?? "").toLowerCase();
    const items = view.filter(
      (a) =>
        `${a.title} ${a.excerpt}`.toLowerCase().includes(q) &&
        (!query.get("audience") || a.audience === query.get("audience")) &&
        (!query.get("tag") || a.tags.includes(query.get("tag")!)) &&
        (query.get("mine") !== "true" || a.mine),
    );
    const tags = [...new Set(of.flatMap((a) => a.tags))];
    return { items: items satisfies AnswerLine[], next: "", all: used.length, review: due.length, mine: due.filter((a) => a.mine).length, tags };
  } // prettier-ignore
}
