import { say } from "./words";

/** An answer of the server that is not the one hoped for. Its message is for the person at the screen. */
export class Problem extends Error {
  constructor(
    /** The HTTP status; 0 when the server could not be reached at all. */
    readonly status: number,
    message: string,
    /** What is wrong with which field, by the last part of its place in the request ("email", "settings.server"). */
    readonly fields: Record<string, string> = {},
    /** Where it goes on, when what was asked for is elsewhere now (410). */
    readonly instance?: string,
    /** Which of the refusals of its status it is ("answered-meanwhile"), where something different is done about it. */
    readonly kind?: string,
  ) {
    super(message);
    this.name = "Problem";
  }

  static from(
    status: number,
    body?: {
      type?: string;
      title?: string;
      detail?: string;
      instance?: string;
      errors?: { location?: string; message?: string }[] | null;
    },
  ): Problem {
    const fields: Record<string, string> = {};
    for (const e of body?.errors ?? []) {
      const place = (e.location ?? "").replace(/^(body|query|header|path)\.?/, "");
      fields[place] ??= e.message ?? "";
    }
    const sentence = body?.detail || body?.title || say("error.status", { status });
    return new Problem(status, sentence, fields, body?.instance, body?.type?.replace(/^urn:switchboard:problem:/, ""));
  }
}

/** The sentence to show for anything thrown. */
export function sentence(error: unknown): string {
  return error instanceof Error && error.message ? error.message : say("error.unknown");
}

/** A new key for one thing a person wants. Works without https too, where crypto.randomUUID does not exist. */
export function intentKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

/** Waits between tries of a write whose answer was lost, in milliseconds. */
const waits = [400, 1500, 4000];

/**
 * fetch that gives every write an Idempotency-Key and, when the network fails, tries again under the same key:
 * the server then answers what it answered the first time, so that nothing is done twice. Reads are left to the
 * query client, which has its own retries.
 */
export async function persistent(request: Request, pause: (ms: number) => Promise<void> = sleep): Promise<Response> {
  const write = request.method !== "GET" && request.method !== "HEAD";
  if (write && !request.headers.has("Idempotency-Key")) {
    request.headers.set("Idempotency-Key", intentKey());
  }
  for (let attempt = 0; ; attempt++) {
    try {
      return await globalThis.fetch(request.clone());
    } catch (error) {
      if (request.signal.aborted) {
        throw error;
      }
      const wait = waits[attempt];
      // Where the browser itself knows that there is no network, waiting a few seconds helps nobody.
      if (!write || wait === undefined || navigator.onLine === false) {
        throw new Problem(0, say("error.network"));
      }
      await pause(wait);
    }
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
