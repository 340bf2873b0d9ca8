import type { QueryKey } from "@tanstack/react-query";

/** What the live feed says of one change. */
export interface LiveEntry {
  what: string;
  conversation?: string;
  about?: string;
  at: string;
  seq: number;
}

export interface LiveHandlers {
  entry: (entry: LiveEntry) => void;
  /** Our place in the feed is too old: everything has to be read again. */
  reload: () => void;
  /** Our rights changed or we were signed out. */
  session: () => void;
  /** Somebody comes, goes or begins to write there; or a draft of our own changed. Told once, to who hears it. */
  murmur?: (keys: QueryKey[]) => void;
  state: (connected: boolean) => void;
}

/**
 * Listens to the live feed until the returned function is called. The browser reconnects by itself and names the last
 * entry it saw; when it gives up (a proxy answered with an error) we begin again, after a while that is not the same
 * for everybody, so that a restart brings no storm.
 */
export function listen(handlers: LiveHandlers, address = "/api/live"): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = "";
  let broken = 0;

  function connect() {
    source = new EventSource(last ? `${address}?from=${encodeURIComponent(last)}` : address);
    source.addEventListener("hello", () => {
      broken = 0;
      handlers.state(true);
    });
    source.addEventListener("entry", (event) => {
      last = event.lastEventId || last;
      const entry = parse(event.data as string);
      if (entry) {
        handlers.entry(entry);
      }
    });
    source.addEventListener("reload", (event) => {
      last = event.lastEventId || "";
      handlers.reload();
    });
    source.addEventListener("session", () => handlers.session());
    for (const kind of ["presence", "draft"] as const) {
      source.addEventListener(kind, (event) => {
        const { conversation } = parse(event.data as string) ?? {};
        if (conversation) {
          handlers.murmur?.(kind === "draft" ? [["draft", conversation], ["drafts"]] : [["presence", conversation]]);
        }
      });
    }
    source.onopen = () => handlers.state(true);
    source.onerror = () => {
      handlers.state(false);
      if (source?.readyState === 2 /* closed for good */) {
        handlers.session(); // refused, perhaps because the session has ended
        const wait = Math.min(30_000, 1000 * 2 ** broken++) * (0.5 + Math.random());
        timer = setTimeout(connect, wait);
      }
    };
  }

  connect();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}

function parse(data: string): LiveEntry | undefined {
  try {
    return JSON.parse(data) as LiveEntry;
  } catch {
    return undefined;
  }
}

/** The queries an entry may have changed. Too many costs a request, too few shows something old. */
export function touched(entry: LiveEntry): QueryKey[] {
  const what = entry.what;
  const keys: QueryKey[] = [];
  if (what === "examples removed") {
    return [[]]; // whatever is shown may have been theirs
  }
  if (entry.conversation) {
    keys.push(["conversation", entry.conversation], ["conversations"], ["counts"], ["thread"], ["board"]);
  }
  if (what === "view changed") {
    keys.push(["views"], ["view-counts"]);
  }
  if (/incident/.test(what)) {
    keys.push(["incident"], ["board"]);
  }
  if (/promise|delivery sent/.test(what)) {
    keys.push(["promises"]);
  }
  if (/contact|standing|identity/.test(what)) {
    keys.push(entry.about ? ["contact", entry.about] : ["contact"]);
  }
  if (/deliver|repl|sent|held|approv|confirm|cancel|unknown|fail/.test(what)) {
    keys.push(["deliveries"], ["posts"]);
  }
  if (/account|channel|stop|resum|arrival|token|trouble|gap|queue/.test(what)) {
    keys.push(["accounts"], ["arrivals"], ["session"]);
  }
  if (/person|people|staff|absence|presence|invit|skill|hours/.test(what)) {
    keys.push(["people"], ["invitations"], ["departments"]);
  }
  if (/department|map|target|stand/.test(what)) {
    keys.push(["departments"], ["counts"]);
  }
  if (/rule|map/.test(what)) {
    keys.push(["rules"], ["map"]);
  }
  if (/setting|organisation/.test(what)) {
    keys.push(["settings"], ["session"]);
  }
  if (/^request |^asked$/.test(what)) {
    keys.push(["my-requests"]);
  }
  if (/house mail|letter/.test(what)) {
    keys.push(["house-mail"]);
  }
  if (/advice|language model/.test(what)) {
    keys.push(["advice"]);
  }
  if (/answer (changed|used)|saved reply/.test(what)) {
    keys.push(["answers"], ["saved"]);
  }
  if (/^notif|^device/.test(what)) {
    keys.push(["notifications"]);
  }
  if (/^chat/.test(what)) {
    keys.push(["chats"]);
  }
  if (/key/.test(what)) {
    keys.push(["keys"]);
  }
  return keys;
}

/**
 * Gathers what changed and hands it on at most once in every `every` milliseconds, the first at once: one message is
 * on the screen immediately, and fifty a second do not mean fifty loads.
 */
export function gather(
  flush: (keys: QueryKey[]) => void,
  every = 400,
): { add: (keys: QueryKey[]) => void; stop: () => void } {
  const waiting = new Map<string, QueryKey>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  function go() {
    timer = undefined;
    if (waiting.size > 0) {
      const keys = [...waiting.values()];
      waiting.clear();
      timer = setTimeout(go, every);
      flush(keys);
    }
  }
  return {
    add(keys) {
      keys.forEach((k) => waiting.set(JSON.stringify(k), k));
      timer ??= setTimeout(go, 20);
    },
    stop: () => clearTimeout(timer),
  };
}
