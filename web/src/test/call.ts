/** What a call to the pretend server is, and how it is turned down. */
import type { ProblemBody } from "../api/types";

export interface Call {
  path: string[];
  query: URLSearchParams;
  body: Record<string, unknown>;
  header: Headers;
}
export type Handler = (call: Call) => unknown;
export type On = (method: string, pattern: string, handler: Handler) => void;

/** An answer other than 200. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly body: ProblemBody,
  ) {
    super(body.detail);
  }
}

export function refuse(status: number, detail: string, errors?: ProblemBody["errors"], kind?: string): never {
  const type = kind ? `urn:switchboard:problem:${kind}` : "about:blank";
  throw new Refused(status, { type, status, title: detail, detail, ...(errors ? { errors } : {}) });
}
