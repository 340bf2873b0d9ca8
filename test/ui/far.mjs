// What stands outside the house: a mail server, and the forum of a shop with a dozen people under one post.
import { createServer as createWebServer } from "node:http";
import { createServer } from "node:net";
import { api, deliver, until } from "./lib.mjs";

/** A mail server that takes everything and keeps it. */
export async function startPost(t) {
  const taken = [];
  const server = createServer((line) => {
    let data;
    let rest = "";
    line.on("error", () => undefined);
    line.write("220 post.test\r\n");
    line.on("data", (bytes) => {
      rest += bytes.toString("utf8");
      for (let end = rest.indexOf("\r\n"); end >= 0; end = rest.indexOf("\r\n")) {
        const said = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (data !== undefined) {
          if (said === ".") {
            taken.push(data);
            data = undefined;
            line.write("250 taken\r\n");
          } else {
            data += `${said.replace(/^\./, "")}\n`;
          }
        } else if (/^DATA/i.test(said)) {
          data = "";
          line.write("354 go on\r\n");
        } else if (/^QUIT/i.test(said)) {
          line.end("221 bye\r\n");
        } else {
          line.write("250 ok\r\n");
        }
      }
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => new Promise((done) => server.close(done)));
  return { port: server.address().port, taken };
}

/** The text of a mail, put together again from its quoted-printable lines. */
export const plain = (mail) =>
  mail.replace(/=\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));

/** What the forum signs with. */
export const secret = "the secret of the shop's own forum";

/** Who writes there. */
export const names = ["Ann", "Ben", "Cem", "Dora", "Emil", "Fatma", "Gül", "Hugo", "Ida", "José", "Kim", "Lena"].map((n) => `${n} Berger`);

/** The forum of the shop: it takes answers, and remembers what it was asked to say. */
export async function startForum(t) {
  const posted = [];
  const server = createWebServer(async (request, answer) => {
    let body = "";
    for await (const bytes of request) {
      body += bytes;
    }
    answer.setHeader("Content-Type", "application/json");
    if (request.method !== "POST") {
      return answer.end(JSON.stringify({ name: "Forum", handle: "forum", limits: { text: 1000, unit: "graphemes" } }));
    }
    const out = JSON.parse(body);
    const known = posted.findIndex((p) => p.key === out.key);
    if (known < 0) {
      posted.push(out);
    }
    answer.statusCode = 201;
    return answer.end(JSON.stringify({ remoteId: `ours-${known < 0 ? posted.length - 1 : known}` }));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => new Promise((done) => (server.closeAllConnections(), server.close(done))));
  return { port: server.address().port, posted };
}

/** A dozen people say under one post that something broke; the account they say it to, and the incident. `page` is somebody's who may connect accounts. */
export async function storm(page, house, forum) {
  const callback = `http://127.0.0.1:${forum.port}/switchboard`;
  const account = await api(page, "POST", "/api/accounts", { channel: "hook", name: "Forum", settings: { name: "Forum", secret, callback } });
  await deliver(house, account.id, secret, [
    { remoteId: "post", threadId: "post", kind: "post", own: true, text: "Our app has a new look.", at: ago(900) },
    ...names.map((name, i) => ({
      remoteId: `said-${i}`, threadId: "post", parentId: "post", kind: "comment", lang: "en",
      from: { remoteId: `person-${i}`, name, handle: name.split(" ")[0].toLowerCase() },
      text: `Since this morning the app does not start any more on my phone number ${i + 1}, what can I do?`, at: ago(600 - i),
    })),
  ]);
  const incident = await until(async () => (await api(page, "GET", "/api/board")).incidents.find((i) => i.conversations >= names.length), "the incident");
  return { account, incident };
}

/** The moment so many seconds ago, as the API writes it. */
export const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();

/**
 * Asks Bob by mail about a conversation that nobody has, and gives the address of the page on which he answers. `page` is an
 * administrator's.
 */
export async function ask(page, house, post) {
  await api(page, "PUT", "/api/mail", { on: true, host: "127.0.0.1", port: post.port, security: "plain", from: "desk@acme.example", name: "ACME", login: "" });
  const { items } = await api(page, "GET", "/api/conversations?view=unowned&state=open");
  const people = (await api(page, "GET", "/api/people")).items;
  const bob = people.find((p) => p.name === "Bob Miller");
  const text = "Was invoice 12 of this customer paid, and on which day?";
  await api(page, "POST", `/api/conversations/${items[0].id}/requests`, { person: bob.id, text, shows: "message", mail: true });
  const mail = await until(() => post.taken.map(plain).find((m) => m.includes("Was invoice 12")), "the mail to Bob");
  return `${house.address}/answer#${/\/answer#([a-z2-7]{26})/.exec(mail)[1]}`;
}

/** Invites somebody, and gives the link. `page` is an administrator's. */
export async function invite(page) {
  const { link } = await api(page, "POST", "/api/invitations", { name: "Wilma Quist", email: "wilma.quist@acme.example", role: "member", departments: [] });
  return link;
}

/** A link by which somebody sets a new password, as a path. `page` is an administrator's. */
export async function reset(page) {
  const { items } = await api(page, "GET", "/api/people");
  const { link } = await api(page, "POST", `/api/people/${items.find((p) => p.name === "Bob Miller").id}/reset`);
  const { pathname, hash } = new URL(link);
  return pathname + hash;
}
