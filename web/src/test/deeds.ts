/** What people do to conversations of the pretend server, except to answer. */
import type { Conversation, Entry, Owner, Row } from "../api/types";
import { hour } from "./acme";
import { type Handler, refuse } from "./call";
import { fullOf } from "./rows";
import type { Pretend } from "./pretend";

function ownerOf(h: Pretend, body: Record<string, unknown>): Owner {
  const person = h.people.find((p) => p.id === body["person"]);
  const department =
    h.departments.find((d) => d.id === (body["department"] ?? person?.departments[0]?.id)) ??
    refuse(422, "Say who should have it.");
  return {
    department: { id: department.id, name: department.name },
    ...(person ? { person: { id: person.id, name: person.name } } : {}),
  };
}

/** How a conversation stood before what was done to it last. */
const undoable = new WeakMap<Conversation, { what: string; was: object }>();

/** A deed on a conversation: change it, write the event, answer with the whole. */
function deedOf(h: Pretend, what: string, change: (c: Conversation, body: Record<string, unknown>) => string): Handler {
  return ({ path, body }) => {
    const c = h.conversation(path[1]);
    const { state, setAside, owner, claimedAt, snoozedUntil, clock, suggestions, needs, intent, intents } = c;
    const was = { state, setAside, owner, claimedAt, snoozedUntil, clock, suggestions, needs, intent, intents };
    const text = change(c, body);
    undoable.set(c, { what, was: { ...was } });
    h.event(c, what, text);
    return fullOf(h, c);
  };
}

/** Notes and the deeds on a conversation. */
export function deedRoutes(h: Pretend): void {
  h.on("POST", "conversations/:/notes", ({ path, body }) => {
    const c = h.conversation(path[1]);
    const entry: Entry = {
      kind: "note",
      id: h.id("not"),
      at: h.at(0),
      person: { id: h.me.id, name: h.me.name },
      text: body["text"] as string,
    };
    c.timeline.push(entry);
    h.tell("note written", c.id);
    return entry;
  });
  const deed = (name: string, change: (c: Conversation, body: Record<string, unknown>) => string, method = "POST") =>
    h.on(method, `conversations/:/${name}`, deedOf(h, name, change));
  const wake = (c: Conversation) => {
    c.state = "open";
    c.setAside = false;
    delete c.snoozedUntil;
    c.clock ??= { kind: "next", due: h.at(hour), started: h.at(0), state: "running" };
  };
  deed("claim", (c) => {
    if (c.owner.person && c.owner.person.id !== h.me.id && c.claimedAt) {
      refuse(409, `${c.owner.person.name} has it already.`);
    }
    c.owner = { ...c.owner, person: { id: h.me.id, name: h.me.name } };
    c.claimedAt = h.at(0);
    return `Claimed by ${h.me.name}`;
  });
  deed("release", (c) => {
    c.owner = { department: c.owner.department };
    delete c.claimedAt;
    return `Given back to ${c.owner.department.name} by ${h.me.name}`;
  });
  deed("handover", (c, body) => {
    c.owner = ownerOf(h, body);
    delete c.claimedAt;
    c.suggestions = [];
    return `Put through to ${c.owner.person?.name ?? c.owner.department.name} by ${h.me.name}${body["reason"] ? `: ${body["reason"] as string}` : ""}`;
  });
  h.on("POST", "conversations/:/undo", ({ path, body }) => {
    const c = h.conversation(path[1]);
    const last = undoable.get(c);
    if (!last || last.what !== body["do"]) {
      return refuse(409, "Something has happened in it since: look at it, and put it right by hand.");
    }
    Object.assign(c, last.was);
    undoable.delete(c);
    h.event(c, "undone", `Taken back by ${h.me.name}`);
    return fullOf(h, c);
  });
  deed("snooze", (c, body) => {
    c.state = "snoozed";
    c.snoozedUntil = body["until"] as string;
    return `Snoozed by ${h.me.name}`;
  });
  deed("wake", (c) => (wake(c), `Woken by ${h.me.name}`));
  deed("close", (c) => {
    c.state = "closed";
    delete c.clock;
    return `Closed by ${h.me.name}`;
  });
  deed("reopen", (c) => (wake(c), `Reopened by ${h.me.name}`));
  deed("aside", (c) => ((c.setAside = true), (c.state = "closed"), `Set aside by ${h.me.name}`));
  deed("unaside", (c) => (wake(c), `Taken back into the inbox by ${h.me.name}`));
  deed("answered", (c) => ((c.state = "waiting"), delete c.clock, `Answered elsewhere, says ${h.me.name}`));
  deed(
    "tags",
    (c, body) => ((c.tags = body["tags"] as string[]), `Tagged ${c.tags.join(", ") || "with nothing"}`),
    "PUT",
  );
  deed(
    "intent",
    (c, body) => ((c.intent = body["intent"] as string), (c.intents = [c.intent]), `Intent corrected by ${h.me.name}`),
    "PUT",
  );
  deed("urgency", (c, body) => ((c.urgency = body["urgency"] as Row["urgency"]), `Urgency corrected to ${c.urgency}`), "PUT"); // prettier-ignore
  deed("language", (c, body) => ((c.language = body["language"] as string), `Language corrected to ${c.language}`), "PUT"); // prettier-ignore
  deed(
    "needs",
    (c, body) => {
      c.needs = body["needs"] as Row["needs"];
      if (c.needs === "none" && c.state !== "closed") {
        c.setAside = true;
        c.state = "closed";
        delete c.clock;
      } else if (c.needs !== "none" && c.setAside) {
        wake(c);
      }
      return `Needs corrected to ${c.needs}`;
    },
    "PUT",
  );
}
