// A guest book, and the bridge that connects it to Switchboard by the "Your own channel" hook. Needs Node 18 or later and
// nothing else:
//
//   SWITCHBOARD_URL=… SWITCHBOARD_SECRET=… node guestbook.mjs
//
// What visitors write goes to Switchboard; what Switchboard answers stands in the book. One file holds it all and is written
// before anything is acknowledged, so that neither side loses a word when either is switched off.
import { createHash, createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";

const { SWITCHBOARD_URL, SWITCHBOARD_SECRET, BOOK = "guestbook.json", HOST = "127.0.0.1", PORT = "8090" } = process.env;
if (!SWITCHBOARD_URL || !SWITCHBOARD_SECRET) throw new Error("set SWITCHBOARD_URL and SWITCHBOARD_SECRET, as the account's page shows them");

// entries by id; keys: which of our entries came of which key of Switchboard's; outbox: events Switchboard has not taken yet;
// refused: events it never will, for a person to look at.
const book = existsSync(BOOK) ? JSON.parse(readFileSync(BOOK, "utf8")) : { last: 0, entries: {}, keys: {}, outbox: [], refused: [] };

function save() {
  writeFileSync(BOOK + ".new", JSON.stringify(book));
  renameSync(BOOK + ".new", BOOK);
}

const sign = (id, time, content) =>
  "v1=" + createHmac("sha256", SWITCHBOARD_SECRET).update(`${id}.${time}.`).update(content).digest("hex");

/** Whether Switchboard itself made this call, now. For a GET the path and query are signed in place of the body. */
function genuine(request, content) {
  const { "switchboard-id": id = "", "switchboard-timestamp": time = "", "switchboard-signature": got = "" } = request.headers;
  const want = Buffer.from(sign(id, time, content));
  const fresh = Math.abs(Date.now() / 1000 - Number(time)) <= 300;
  return fresh && Buffer.byteLength(got) === want.length && timingSafeEqual(Buffer.from(got), want);
}

/** Posts the outbox. What is not taken stays and is tried again: a repeated event does no harm. A batch that is refused for
 * what it says goes again event by event, so that a bad one does not hold up the others. */
let busy = false;
async function deliver() {
  if (busy) return;
  busy = true;
  try {
    for (let size = 1000; book.outbox.length > 0; ) {
      const batch = book.outbox.slice(0, size);
      const body = JSON.stringify({ events: batch });
      const id = randomUUID();
      const time = String(Math.floor(Date.now() / 1000));
      const headers = { "Content-Type": "application/json", "Switchboard-Id": id, "Switchboard-Timestamp": time, "Switchboard-Signature": sign(id, time, body) };
      const answer = await fetch(SWITCHBOARD_URL, { method: "POST", headers, body, signal: AbortSignal.timeout(10_000) });
      if ([400, 413, 422].includes(answer.status)) {
        if (size === 1) book.refused.push({ event: batch[0], why: await answer.text() });
        else {
          size = 1;
          continue;
        }
      } else if (!answer.ok) throw new Error(`Switchboard answers ${answer.status}: ${await answer.text()}`);
      book.outbox.splice(0, batch.length);
      save();
    }
  } catch (error) {
    console.error("not delivered yet:", error.message);
  } finally {
    busy = false;
  }
}

function tell(event) {
  book.outbox.push(event);
  save();
  void deliver();
}

/** Who wrote an entry. The guest book has no accounts, so the same name is the same visitor. */
const writer = (e) => ({ name: e.name, remoteId: e.own ? "team" : "visitor-" + createHash("sha256").update(e.name.toLowerCase()).digest("hex").slice(0, 16) });

/** An entry in the words of the hook. */
const message = (e) => ({ remoteId: e.id, parentId: e.parent, kind: e.parent ? "reply" : "comment", own: e.own, text: e.text, at: e.at, from: writer(e) });

function write(name, text, parent, own) {
  const id = String(++book.last);
  return (book.entries[id] = { id, name, text, parent, own, at: new Date().toISOString() });
}

/** Takes an answer of Switchboard's. The same key again is the same answer again, never a second entry. */
function take(out) {
  if (out.type === "test") return [200, {}]; // it asks whether we are here: nothing is published
  const known = book.entries[book.keys[out.key]];
  if (known) return [200, { remoteId: known.id, at: known.at }];
  if (out.type !== "reply") return [422, { error: "a guest book only takes answers" }];
  if (!book.entries[out.parent.remoteId]) return [410, { error: "the visitor took the entry back" }];
  if (out.text.length > 1000) return [422, { error: "at most 1000 characters" }];
  const entry = write("The team", out.text, out.parent.remoteId, true);
  book.keys[out.key] = entry.id;
  save();
  return [201, { remoteId: entry.id, at: entry.at }];
}

/** The callback address: everything below /switchboard, and only for Switchboard. */
function callback(request, url, body) {
  if (!genuine(request, request.method === "GET" ? request.url : body)) return [401, { error: "the signature does not fit" }];
  if (request.method === "POST") return take(JSON.parse(body));
  if (url.searchParams.has("key")) {
    const entry = book.entries[book.keys[url.searchParams.get("key")]];
    return [200, entry ? { found: true, remoteId: entry.id, at: entry.at } : { found: false }];
  }
  if (url.pathname.startsWith("/switchboard/messages/")) {
    const entry = book.entries[decodeURIComponent(url.pathname.slice("/switchboard/messages/".length))];
    return entry ? [200, message(entry)] : [404, { error: "there is no such entry" }];
  }
  return [200, { name: "Guest book", limits: { text: 1000, unit: "graphemes" } }];
}

/** The guest book's own side: read it, sign it, take an entry back. */
function visitor(request, url, body) {
  const id = url.pathname.match(/^\/entries\/(\d+)$/)?.[1];
  if (request.method === "POST" && url.pathname === "/entries") {
    const { name, text } = JSON.parse(body);
    if (typeof name !== "string" || typeof text !== "string" || !name || !text || name.length > 100 || text.length > 5000) {
      return [400, { error: "give a name of at most 100 and a text of at most 5000 characters" }];
    }
    const entry = write(name, text);
    tell({ kind: "said", message: message(entry) });
    return [201, entry];
  }
  if (request.method === "DELETE" && book.entries[id] && !book.entries[id].own) {
    delete book.entries[id];
    tell({ kind: "deleted", remoteId: id });
    return [200, {}];
  }
  return url.pathname === "/" ? [200, Object.values(book.entries)] : [404, { error: "there is nothing here" }];
}

const server = createServer(async (request, response) => {
  let status, answer;
  try {
    const parts = [];
    let size = 0;
    for await (const part of request) if ((size += part.length) < 1e6) parts.push(part);
    const url = new URL(request.url, "http://guest.book");
    const side = /^\/switchboard(\/|$)/.test(url.pathname) ? callback : visitor;
    [status, answer] = side(request, url, Buffer.concat(parts).toString("utf8"));
  } catch (error) {
    [status, answer] = error instanceof SyntaxError ? [400, { error: "this is not JSON" }] : [500, { error: "the guest book has a fault" }];
  }
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(answer) + "\n");
});
server.listen(Number(PORT), HOST, () => console.log(`the guest book is open at http://${HOST}:${server.address().port}`));
setInterval(deliver, 5000);
void deliver();
