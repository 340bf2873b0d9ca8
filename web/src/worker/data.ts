/**
 * What was read, kept for when there is no connection: of one person at a time, of the one who is signed in. The server
 * says whose each answer is. Signing out, or being signed out, empties it.
 */
const prefix = "read-";
/** How many answers are kept; the oldest go first. */
const most = 200;

/** What may be kept: what the inbox, a conversation and its contact are drawn from. */
const kept = [
  /^\/api\/session$/,
  /^\/api\/counts$/,
  /^\/api\/(intents|departments|people|accounts|topics)$/,
  /^\/api\/people\/[^/]+$/,
  /^\/api\/notifications(\/count)?$/,
  /^\/api\/conversations$/,
  /^\/api\/conversations\/[^/]+(\/requests)?$/,
  /^\/api\/contacts\/[^/]+$/,
];

/** Who is signed in, as the last answer about the session said. Undefined: not known since the worker was started. */
let who: string | undefined;

/** How often everything was forgotten: what was asked for before the last time is not kept. */
let forgettings = 0;

/** Answers a read of the API, or leaves it to the browser. */
export function answerData(event: FetchEvent, url: URL): Promise<Response> | undefined {
  return kept.some((k) => k.test(url.pathname)) ? read(event, url) : undefined;
}

async function read(event: FetchEvent, url: URL): Promise<Response> {
  const session = url.pathname === "/api/session";
  const asked = forgettings;
  let response: Response;
  try {
    response = await fetch(event.request);
  } catch (error) {
    const old = await find(event.request);
    if (old) {
      return old;
    }
    throw error;
  }
  const person = response.headers.get("Switchboard-Person") ?? "";
  if (response.status === 401 || (session && response.ok && person === "")) {
    event.waitUntil(forgetData());
  } else if (response.ok && person !== "") {
    event.waitUntil(keep(event.request, response.clone(), person, { session, asked }));
  } else if (response.status === 404 || response.status === 410) {
    event.waitUntil(forget(event.request));
  }
  return response;
}

/** Keeps an answer of whoever is signed in; one that comes late, of somebody before or from before a sign-out, is dropped. */
async function keep(
  request: Request,
  response: Response,
  person: string,
  { session, asked }: { session: boolean; asked: number },
): Promise<void> {
  if (asked !== forgettings) {
    return;
  }
  if (session && who !== person) {
    who = person;
    await drop((n) => n !== prefix + person);
  }
  who ??= await whose();
  if (who !== person) {
    return;
  }
  const cache = await caches.open(prefix + person);
  await cache.put(request, response);
  if (who !== person || asked !== forgettings) {
    await caches.delete(prefix + person); // signed out while it was written
    return;
  }
  const all = await cache.keys();
  await Promise.all(all.slice(0, Math.max(0, all.length - most)).map((k) => cache.delete(k)));
}

/** Forgets what is no more, or not for these eyes any more. */
async function forget(request: Request): Promise<void> {
  const person = who ?? (await whose());
  if (person) {
    await (await caches.open(prefix + person)).delete(request, { ignoreVary: true });
  }
}

async function find(request: Request): Promise<Response | undefined> {
  const person = who ?? (await whose());
  return person ? (await caches.open(prefix + person)).match(request, { ignoreVary: true }) : undefined;
}

/** Whose answers are kept: there is one at most. */
async function whose(): Promise<string | undefined> {
  const names = await caches.keys();
  return names.find((n) => n.startsWith(prefix))?.slice(prefix.length);
}

/** Forgets everything that was read. */
export async function forgetData(): Promise<void> {
  who = "";
  forgettings++;
  await drop(() => true);
}

async function drop(which: (name: string) => boolean): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((n) => n.startsWith(prefix) && which(n)).map((n) => caches.delete(n)));
}
