import createClient from "openapi-fetch";
import { persistent, Problem } from "@/lib/http";
import type { paths } from "./schema";
import type { ProblemBody } from "./types";

/** The one client. Every write carries an Idempotency-Key and is repeated under it when the line breaks (lib/http). */
export const api = createClient<paths>({
  baseUrl: typeof location === "undefined" ? "http://localhost" : location.origin,
  fetch: persistent,
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** What the server said, or a Problem that says what to do. */
export async function answer<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) {
    throw Problem.from(response.status, error as ProblemBody | undefined);
  }
  return data as T;
}

/** Sends one file; openapi-fetch has no good way with forms. */
export async function upload(file: File): Promise<{ id: string; name: string; type: string; size: number }> {
  const form = new FormData();
  form.set("file", file);
  const response = await persistent(new Request(`${location.origin}/api/uploads`, { method: "POST", body: form }));
  const body = (await response.json().catch(() => undefined)) as unknown;
  if (!response.ok) {
    throw Problem.from(response.status, body as ProblemBody | undefined);
  }
  return body as { id: string; name: string; type: string; size: number };
}
