/** What leaves the pretend server: answers and posts, and what becomes of them. */
import type { Conversation, Delivery, NewPost, NewReply, OutgoingDelivery } from "../api/types";
import { type Call, type Handler, refuse } from "./call";
import { fullOf } from "./rows";
import { pretendEnd, pretendPromise } from "./promises";
import type { Pretend } from "./pretend";

function reply(h: Pretend, { path, body }: Call): Delivery {
  const c = h.conversation(path[1]);
  const {
    text,
    seen,
    force,
    then,
    undo = 0,
    private: isPrivate = c.private,
    cc = [],
    ccFor,
  } = body as unknown as NewReply;
  const at = c.timeline.findIndex((e) => e.id === seen);
  const since = at < 0 ? [] : c.timeline.slice(at + 1);
  h.writing.sent(c.id);
  if (seen && !force && since.some((e) => e.kind === "message" && e.direction === "out")) {
    refuse(409, "Somebody wrote here meanwhile. Read it, then send again.", undefined, "answered-meanwhile");
  }
  if (ccFor && !force && ccFor !== c.replyAs?.parent) {
    refuse(409, "Lena has written again: look at who is in it.", undefined, "wrote-again");
  }
  const me = h.me;
  const held = fullOf(h, c).replyAs?.held ?? false;
  const delivery: Delivery = {
    id: h.id("del"),
    state: held ? "held" : undo > 0 ? "queued" : "sent",
    text,
    author: { id: me.id, name: me.name },
    at: h.at(0),
    private: isPrivate,
    cc: (c.replyAs?.others ?? []).filter((o) => cc.includes(o.address)),
    can: held || undo > 0 ? ["cancel"] : [],
  };
  c.deliveries.push(delivery);
  const { promises = [], keeps = [] } = body as unknown as NewReply;
  promises.forEach((p) => c.promises.push(pretendPromise(h.id("pro"), p, c.owner.department, me, h.now())));
  c.promises
    .filter((p) => keeps.includes(p.id))
    .forEach((p) => pretendEnd(p, "kept", me, h.now(), { message: delivery.id }));
  if (delivery.state === "sent") {
    say(h, c, delivery);
  }
  if (then === "close") {
    c.state = "closed";
    delete c.clock;
  } else if (then === "waiting" && !held) {
    c.state = "waiting";
    delete c.clock;
  }
  h.tell("reply queued", c.id, delivery.id);
  return delivery;
}

function post(h: Pretend, { body }: Call): { items: OutgoingDelivery[]; next: string } {
  const { accounts: ids, text, media, undo = 0 } = body as unknown as NewPost;
  const me = h.me;
  const items = ids.map((id): OutgoingDelivery => {
    const a = h.accounts.find((x) => x.id === id) ?? refuse(404, "There is no such account.");
    const held = me.role === "contributor";
    return {
      id: h.id("del"), state: held ? "held" : undo > 0 ? "queued" : "sent", text, author: { id: me.id, name: me.name }, at: h.at(0), private: false,
      can: held || undo > 0 ? ["cancel"] : [], account: { id: a.id, name: a.name, handle: a.handle, channel: a.channel },
      files: (media ?? []).map((m) => ({ name: "picture.png", type: "image/png", alt: m.alt ?? "", size: 20_480, url: `/api/files/${m.id}` })),
    }; // prettier-ignore
  });
  h.posts.push(...items);
  return { items, next: "" };
}

function say(h: Pretend, c: Conversation, delivery: Delivery): void {
  c.timeline.push({
    kind: "message", id: h.id("msg"), at: h.at(0), direction: "out", private: delivery.private,
    from: { name: c.account.name, handle: c.account.handle, personName: delivery.author.name }, text: delivery.text, media: [], delivery,
  }); // prettier-ignore
  c.excerpt = delivery.text.slice(0, 160);
  c.lastAt = h.at(0);
}

function deliveryOf(h: Pretend, id: string | undefined): [Delivery, Conversation | undefined] {
  const post = h.posts.find((d) => d.id === id);
  if (post) {
    return [post, undefined];
  }
  for (const c of h.conversations.values()) {
    const found = c.deliveries.find((d) => d.id === id);
    if (found) {
      return [found, c];
    }
  }
  return refuse(404, "There is no such delivery.");
}

function settle(
  h: Pretend,
  change: (d: Delivery, c: Conversation | undefined, body: Record<string, unknown>) => void,
): Handler {
  return ({ path, body }) => {
    const [d, c] = deliveryOf(h, path[1]);
    change(d, c, body);
    h.tell("delivery changed", c?.id, d.id);
    return d;
  };
}

/** Answers, posts and deliveries. */
export function sendingRoutes(h: Pretend): void {
  h.on("POST", "conversations/:/reply", (call) => reply(h, call));
  h.on("GET", "deliveries", ({ query }) => ({
    items: [...h.conversations.values()].flatMap((c) =>
      c.deliveries
        .filter((d) => d.state === query.get("state"))
        .map((d) => ({ ...d, account: c.account, conversation: { id: c.id, name: c.contact.name } })),
    ),
    next: "",
  }));
  h.on("GET", "posts", () => ({ items: [...h.posts].reverse(), next: "" }));
  h.on("POST", "posts", (call) => post(h, call));
  h.on(
    "POST",
    "deliveries/:/approve",
    settle(h, (d, c) => (Object.assign(d, { state: "sent", can: [] }), c && say(h, c, d))),
  );
  h.on(
    "POST",
    "deliveries/:/cancel",
    settle(h, (d, c) => {
      Object.assign(d, { state: "cancelled", can: [] });
      const kept = c?.promises.filter((p) => p.proof === d.id) ?? [];
      kept.forEach((p) => pretendEnd(p, "open", d.author, h.now(), {}));
    }),
  );
  h.on(
    "POST",
    "deliveries/:/retry",
    settle(h, (d, c) => (Object.assign(d, { state: "sent", can: [], reason: "" }), c && say(h, c, d))),
  );
  h.on(
    "POST",
    "deliveries/:/confirm",
    settle(
      h,
      (d, c, body) => (
        Object.assign(d, { state: body["sent"] ? "sent" : "failed", can: body["sent"] ? [] : ["retry", "cancel"] }),
        body["sent"] && c ? say(h, c, d) : undefined
      ),
    ),
  );
  h.on("POST", "uploads", () => ({ id: h.id("upl"), name: "picture.png", type: "image/png", size: 20_480 }));
}
