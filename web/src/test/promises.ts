/** The promises of the pretend server: found by a few plain words, kept in the conversation. */
import type {
  Conversation,
  FoundPromise,
  ListedPromise,
  NewPromise,
  PromiseFigures,
  Promised,
  Ref,
} from "../api/types";
import { refuse } from "./call";
import type { Pretend } from "./pretend";

const day = 24 * 3600_000;

/** What a text promises, as far as a test needs it: "by Friday", "tomorrow". */
function pretendFind(text: string, department: Ref, person: Ref, now: number): FoundPromise[] {
  const sentence = text
    .split(/(?<=[.!?])\s+/)
    .find((s) => /\b(we'll|i'll|we will|i will)\b/i.test(s) && !s.endsWith("?"));
  if (!sentence) {
    return [];
  }
  const words = /by \w+day|tomorrow/i.exec(sentence)?.[0];
  const from = text.indexOf(sentence);
  return [
    {
      text: sentence, from, to: from + sentence.length, kind: /call/i.test(sentence) ? "call" : "answer", department, person, exact: false, if: false,
      ours: new Date(now + 7 * day).toISOString(), ...(words ? { words, due: new Date(now + 2 * day).toISOString() } : {}),
    },
  ]; // prettier-ignore
}

/** A promise that was made. */
export function pretendPromise(
  id: string,
  p: NewPromise,
  department: Ref,
  person: Ref | undefined,
  now: number,
): Promised {
  return {
    id, text: p.text, kind: (p.kind ?? "other") as Promised["kind"], department, ...(person ? { person, madeBy: person } : {}), at: new Date(now).toISOString(),
    due: p.due ?? new Date(now + 7 * day).toISOString(), exact: p.exact ?? false, dated: p.dated ?? false, state: "open", late: false, mine: true,
    can: ["keep", "break", "change", "withdraw"],
  }; // prettier-ignore
}

export function pretendEnd(
  p: Promised,
  state: Promised["state"],
  by: Ref,
  now: number,
  body: Record<string, unknown>,
): Promised {
  const open = state === "open";
  Object.assign(p, {
    state,
    can: open ? ["keep", "break", "change", "withdraw"] : ["reopen"],
    late: Date.parse(p.due) < now,
  });
  for (const name of ["proof", "how", "reason", "endedBy", "endedAt"] as const) {
    delete p[name];
  }
  if (!open) {
    Object.assign(p, { endedBy: by, endedAt: new Date(now).toISOString() });
    Object.assign(p, { ...(body["message"] ? { proof: body["message"] } : {}), ...(body["how"] ? { how: body["how"] } : {}), ...(body["reason"] ? { reason: body["reason"] } : {}) }); // prettier-ignore
  }
  return p;
}

const figureOf = (p: Promised, now: number) =>
  p.state === "open"
    ? Date.parse(p.due) < now
      ? "late"
      : "open"
    : p.state === "kept" && p.late
      ? "keptLate"
      : p.state;

function pretendFigures(all: Conversation[], now: number): PromiseFigures {
  const f: PromiseFigures = { open: 0, late: 0, kept: 0, keptLate: 0, broken: 0, withdrawn: 0, due: 0 };
  for (const p of all.flatMap((c) => c.promises)) {
    const figure = figureOf(p, now);
    if (figure !== "unsaid") {
      f[figure]++;
    }
  }
  f.due = f.kept + f.keptLate + f.broken + f.late;
  return f;
}

function pretendListed(all: Conversation[], state: string, now: number): ListedPromise[] {
  return all.flatMap((c) =>
    c.promises.filter((p) => figureOf(p, now) === state).map((p) => ({ ...p, conversation: c })),
  );
}

/** Finding, making and ending promises. */
export function promiseRoutes(h: Pretend): void {
  const me = () => ({ id: h.me.id, name: h.me.name });
  h.on("POST", "conversations/:/promises/find", ({ path, body }) => {
    const c = h.conversation(path[1]);
    return { items: pretendFind(body["text"] as string, c.owner.department, me(), h.now()), next: "" };
  });
  h.on("POST", "conversations/:/promises", ({ path, body }) => {
    const c = h.conversation(path[1]);
    const p = pretendPromise(h.id("pro"), body as never, c.owner.department, me(), h.now());
    c.promises.push(p);
    h.event(c, "promise made", `Promised: ${p.text}`);
    return p;
  });
  for (const [word, state] of [
    ["keep", "kept"],
    ["break", "broken"],
    ["withdraw", "withdrawn"],
    ["reopen", "open"],
  ] as const) {
    h.on("POST", `promises/:/${word}`, ({ path, body }) => {
      const c = [...h.conversations.values()].find((x) => x.promises.some((p) => p.id === path[1]));
      const p = c?.promises.find((x) => x.id === path[1]);
      if (!c || !p) {
        refuse(404, "There is no such promise, or it is not for your eyes.");
      }
      h.event(c, `promise ${state}`, `A promise is ${state}`);
      return pretendEnd(p, state, me(), h.now(), body);
    });
  }
  h.on("PATCH", "promises/:", ({ path, body }) => {
    const p = [...h.conversations.values()].flatMap((c) => c.promises).find((x) => x.id === path[1]);
    return p ? Object.assign(p, body) : refuse(404, "There is no such promise, or it is not for your eyes.");
  });
  const all = () => [...h.conversations.values()];
  h.on("GET", "promises/figures", () => pretendFigures(all(), h.now()));
  h.on("GET", "promises", ({ query }) => ({
    items: pretendListed(all(), query.get("state") ?? "open", h.now()),
    next: "",
  }));
}
