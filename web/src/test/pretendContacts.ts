/** Contacts with a life of their own: found, changed, merged and parted again, brought in by a list, erased. */
import type { Contact, ContactRow, Imported, Suspect } from "../api/types";
import { refuse } from "./call";
import type { Pretend } from "./pretend";

export const kim: Contact = {
  id: "cnt_kim000001",
  name: "Kim Larsen",
  identities: [{ id: "idn_kimmail01", channel: "email", handle: "kim@far.example", name: "Kim Larsen" }],
  standings: ["customer"],
  standingsBy: [],
  note: "",
  fields: { "Customer number": "4711" },
  consents: [],
  merged: [],
  conversations: [],
  since: "2026-01-02T10:00:00Z",
  seenAt: "2026-11-20T10:00:00Z",
  language: "de",
  can: ["edit", "merge", "keep"],
};

export const kimToo: Contact = {
  ...kim,
  id: "cnt_kim000002",
  name: "K. Larsen",
  identities: [{ id: "idn_kimsoci01", channel: "mastodon", handle: "@kim@social.example", name: "K. Larsen" }],
  standings: [],
  fields: {},
};

export const ola: Contact = {
  ...kim,
  id: "cnt_ola000001",
  name: "Ola Berg",
  identities: [
    { id: "idn_olamail01", channel: "email", handle: "ola@far.example", name: "Ola Berg" },
    { id: "idn_olasoci01", channel: "bluesky", handle: "@ola.far.example", name: "Ola" },
  ],
  standings: ["journalist"],
  language: "en",
};

const rowOf = ({ id, name, identities, standings, seenAt, language }: Contact): ContactRow => ({
  id, name, identities, standings, ...(seenAt ? { seenAt } : {}), ...(language ? { language } : {}),
}); // prettier-ignore

/** Has a pretend server know these contacts, and nobody else. What it holds may be changed by a test. */
export class PretendContacts {
  readonly all = new Map<string, Contact>();
  /** Who may be whom, by the id of a contact. */
  readonly suspects = new Map<string, Suspect[]>();
  /** What is said of a list that is to be imported. */
  plan: Imported | undefined;
  /** Why the list of contacts cannot be read. */
  broken = "";
  readonly #moved = new Map<string, string>();
  readonly #h: Pretend;

  constructor(h: Pretend, contacts: Contact[] = [kim, kimToo, ola]) {
    this.#h = h;
    contacts.forEach((c) => this.all.set(c.id, structuredClone(c)));
    h.over("GET", "contacts", ({ query }) => this.#list(query));
    h.over("GET", "contacts/:", ({ path }) => this.contact(path[1]));
    h.over("GET", "contacts/:/same", ({ path }) => ({ items: this.suspects.get(path[1]!) ?? [], next: "" }));
    h.over("PATCH", "contacts/:", ({ path, body }) => Object.assign(this.contact(path[1]), body));
    h.over("POST", "contacts/:/apart", ({ path }) => void this.suspects.delete(path[1]!));
    h.over("POST", "contacts/:/merge", ({ path, body }) => this.#merge(path[1]!, String(body["other"])));
    h.over("POST", "merges/:/undo", ({ path }) => this.#part(path[1]!));
    h.over("POST", "contacts/:/split", ({ path, body }) => this.#split(path[1]!, String(body["identity"])));
    h.over("POST", "contacts/:/consents", ({ path, body }) => {
      const of = this.contact(path[1]);
      of.consents.unshift({ id: h.id("cns"), at: h.at(0), by: this.#me(), ...(body as { purpose: string; proof: string; given: boolean }) });
      return of.consents[0];
    }); // prettier-ignore
    h.over("POST", "contacts/:/erase", ({ path }) => void this.all.delete(this.contact(path[1]).id));
    h.over("POST", "contacts/import", ({ body }) => {
      const plan = this.plan ?? refuse(422, "This is no list: choose a CSV file.");
      return { ...plan, mapping: (body["mapping"] as string[] | undefined) ?? plan.mapping, kept: body["keep"] === true };
    }); // prettier-ignore
  }

  contact(id: string | undefined): Contact {
    return this.all.get(id ?? "") ?? refuse(404, "There is no such contact.");
  }

  #me() {
    return { id: this.#h.me.id, name: this.#h.me.name };
  }

  #list(query: URLSearchParams) {
    if (this.broken) {
      refuse(429, this.broken);
    }
    const is = (name: string, ...values: (string | undefined)[]) => !query.get(name) || values.includes(query.get(name)!);
    const q = (query.get("q") ?? "").toLowerCase();
    const items = [...this.all.values()].filter(
      (c) =>
        [c.name, ...c.identities.map((i) => i.handle)].some((t) => t.toLowerCase().includes(q)) &&
        is("standing", ...c.standings) &&
        is("channel", ...c.identities.map((i) => i.channel)) &&
        is("language", c.language),
    );
    return { items: items.map(rowOf), next: "" };
  } // prettier-ignore

  #merge(kept: string, other: string) {
    const [to, from] = [this.contact(kept), this.contact(other)];
    const id = this.#h.id("mrg");
    to.merged.unshift({ id, at: this.#h.at(0), by: this.#me(), name: from.name, handles: from.identities.map((i) => i.handle) });
    to.identities.push(...from.identities);
    to.note = [to.note, from.note].filter(Boolean).join("\n\n");
    to.fields = { ...from.fields, ...to.fields };
    this.all.delete(other);
    this.#moved.set(id, JSON.stringify([kept, from]));
    return { id, contact: kept, other, conversations: 2, left: 0 };
  } // prettier-ignore

  #part(merge: string) {
    const [kept, from] = JSON.parse(this.#moved.get(merge) ?? refuse(404, "There is no such merge.")) as [string, Contact];
    const to = this.contact(kept);
    to.merged = to.merged.filter((m) => m.id !== merge);
    to.identities = to.identities.filter((i) => !from.identities.some((f) => f.id === i.id));
    this.all.set(from.id, from);
    return { id: merge, contact: kept, other: from.id, conversations: 2, left: 0 };
  } // prettier-ignore

  #split(of: string, identity: string) {
    const c = this.contact(of);
    const own = c.identities.filter((i) => i.id === identity);
    c.identities = c.identities.filter((i) => i.id !== identity);
    const fresh: Contact = { ...structuredClone(c), id: this.#h.id("cnt"), name: own[0]!.name, identities: own };
    this.all.set(fresh.id, fresh);
    return { contact: fresh.id, name: fresh.name, conversations: 1 };
  }
}
