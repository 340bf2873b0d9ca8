/**
 * The routes, in the shape openapi-typescript gives them, so that openapi-fetch checks every call. By hand until the
 * server's own document is there (`npm run generate` makes schema.d.ts from web/openapi.json); then this file goes.
 */
import type * as T from "./types";

interface Shape {
  out: unknown;
  query?: object;
  path?: object;
  header?: object;
  body?: object;
}

type Op<S extends Shape> = {
  parameters: {
    query?: S extends { query: infer Q } ? Q : never;
    header?: (S extends { header: infer H } ? H : object) & { "Idempotency-Key"?: string };
    cookie?: never;
  } & (S extends { path: infer P } ? { path: P } : { path?: never });
  responses: {
    200: { headers: Record<string, unknown>; content: { "application/json": S["out"] } };
    default: { headers: Record<string, unknown>; content: { "application/problem+json": T.ProblemBody } };
  };
} & (S extends { body: infer B } ? { requestBody: { content: { "application/json": B } } } : { requestBody?: never });

type Id = { id: string };
type Nothing = undefined;
type List<I> = T.Page<I>;
/** A deed on a conversation, answered with the conversation as it is now. */
type Deed<B extends object = object> = { post: Op<{ out: T.Conversation; path: Id; body: B }> };
type Put<B extends object> = { put: Op<{ out: T.Conversation; path: Id; body: B }> };
type SetupToken = { "Setup-Token": string };
type InvitationToken = { "Invitation-Token": string };

export interface paths {
  "/api/session": {
    get: Op<{ out: T.Session }>;
    post: Op<{ out: T.Session; body: { email: string; password: string } }>;
    delete: Op<{ out: Nothing }>;
  };
  "/api/session/presence": { put: Op<{ out: unknown; body: { presence: T.Presence } }> };
  "/api/demo/people": { get: Op<{ out: List<T.DemoPerson> }> };
  "/api/demo/enter": { post: Op<{ out: T.Session; body: { person: string } }> };
  "/api/setup": {
    get: Op<{ out: T.SetupFacts; header: SetupToken }>;
    post: Op<{ out: T.Session; header: SetupToken; body: T.SetupAnswers }>;
  };
  "/api/invitations": {
    get: Op<{ out: List<T.Invitation> }>;
    post: Op<{ out: T.NewInvitation; body: { email: string; name: string; role: T.Role; departments: string[] } }>;
  };
  "/api/invitations/{id}": { delete: Op<{ out: Nothing; path: Id }> };
  "/api/invitation": {
    get: Op<{ out: { email: string; name: string; organisation: string }; header: InvitationToken }>;
    post: Op<{ out: T.Session; header: InvitationToken; body: { name: string; password: string; zone: string } }>;
  };
  "/api/password": { post: Op<{ out: unknown; body: { current: string; next: string } }> };
  "/api/people": { get: Op<{ out: List<T.Person>; query: { q?: string; after?: string; limit?: number } }> };
  "/api/people/{id}": {
    get: Op<{ out: T.Person; path: Id }>;
    patch: Op<{ out: T.Person; path: Id; body: T.PersonChange }>;
  };
  "/api/people/{id}/absences": {
    post: Op<{ out: unknown; path: Id; body: { from: string; until: string; note: string } }>;
  };
  "/api/people/{id}/absences/{absence}": { delete: Op<{ out: unknown; path: { id: string; absence: string } }> };
  "/api/departments": {
    get: Op<{ out: List<T.Department> }>;
    post: Op<{ out: T.Department; body: T.DepartmentChange }>;
  };
  "/api/departments/{id}": {
    patch: Op<{ out: T.Department; path: Id; body: T.DepartmentChange }>;
    delete: Op<{ out: Nothing; path: Id; query: { to?: string } }>;
  };
  "/api/settings": { get: Op<{ out: T.Settings }>; put: Op<{ out: T.Settings; body: T.Settings }> };
  "/api/keys": {
    get: Op<{ out: List<T.ApiKey> }>;
    post: Op<{ out: T.NewApiKey; body: { name: string; scopes: T.Scope[] } }>;
  };
  "/api/keys/{id}": { delete: Op<{ out: Nothing; path: Id }> };
  "/api/channels": { get: Op<{ out: List<T.About> }> };
  "/api/accounts": {
    get: Op<{ out: List<T.Account> }>;
    post: Op<{ out: T.Account; body: { channel: string; name: string; settings: Record<string, unknown> } }>;
  };
  "/api/accounts/check": {
    post: Op<{ out: T.Profile; body: { channel: string; settings: Record<string, unknown> } }>;
  };
  "/api/accounts/connect": {
    post: Op<{ out: { address: string }; body: { channel: string; name: string; settings: Record<string, unknown> } }>;
  };
  "/api/accounts/{id}": {
    get: Op<{ out: T.Account; path: Id }>;
    patch: Op<{ out: T.Account; path: Id; body: { name?: string; settings?: Record<string, unknown> } }>;
    delete: Op<{ out: Nothing; path: Id }>;
  };
  "/api/accounts/{id}/rights": { put: Op<{ out: T.Account; path: Id; body: { items: T.Right[] } }> };
  "/api/accounts/{id}/check": { post: Op<{ out: T.Account; path: Id }> };
  "/api/accounts/{id}/test": { post: Op<{ out: { detail: string }; path: Id }> };
  "/api/accounts/{id}/stop": { post: Op<{ out: T.Stopped; path: Id }> };
  "/api/accounts/{id}/resume": { post: Op<{ out: T.Stopped; path: Id }> };
  "/api/stop": { post: Op<{ out: T.Stopped }> };
  "/api/resume": { post: Op<{ out: T.Stopped }> };
  "/api/accounts/{id}/arrivals": { get: Op<{ out: List<T.Arrival>; path: Id }> };
  "/api/arrivals/{id}/retry": { post: Op<{ out: unknown; path: Id }> };
  "/api/arrivals/{id}/discard": { post: Op<{ out: unknown; path: Id }> };
  "/api/conversations": {
    get: Op<{ out: List<T.Row>; query: Partial<T.ConversationFilter> & { after?: string; limit?: number } }>;
  };
  "/api/counts": { get: Op<{ out: T.Counts }> };
  "/api/conversations/{id}": { get: Op<{ out: T.Conversation; path: Id }> };
  "/api/conversations/{id}/read": { post: Op<{ out: unknown; path: Id }> };
  "/api/conversations/{id}/reply": { post: Op<{ out: T.Delivery; path: Id; body: T.NewReply }> };
  "/api/conversations/{id}/notes": { post: Op<{ out: T.Entry; path: Id; body: { text: string } }> };
  "/api/conversations/{id}/claim": Deed;
  "/api/conversations/{id}/release": Deed;
  "/api/conversations/{id}/handover": Deed<{ department?: string; person?: string; reason: string }>;
  "/api/conversations/{id}/snooze": Deed<{ until: string }>;
  "/api/conversations/{id}/wake": Deed;
  "/api/conversations/{id}/close": Deed<{ reason?: string }>;
  "/api/conversations/{id}/reopen": Deed;
  "/api/conversations/{id}/aside": Deed;
  "/api/conversations/{id}/unaside": Deed;
  "/api/conversations/{id}/answered": Deed<{ how: string; at: string }>;
  "/api/conversations/{id}/tags": Put<{ tags: string[] }>;
  "/api/conversations/{id}/intent": Put<{ intent: string }>;
  "/api/candidates": { get: Op<{ out: List<T.Candidate>; query: { conversation?: string; q?: string } }> };
  "/api/deliveries": {
    get: Op<{ out: List<T.OutgoingDelivery>; query: { state?: T.Delivery["state"]; after?: string } }>;
  };
  "/api/deliveries/{id}/approve": { post: Op<{ out: T.Delivery; path: Id }> };
  "/api/deliveries/{id}/cancel": { post: Op<{ out: T.Delivery; path: Id }> };
  "/api/deliveries/{id}/retry": { post: Op<{ out: T.Delivery; path: Id }> };
  "/api/deliveries/{id}/confirm": { post: Op<{ out: T.Delivery; path: Id; body: { sent: boolean } }> };
  "/api/contacts/{id}": {
    get: Op<{ out: T.Contact; path: Id }>;
    patch: Op<{ out: T.Contact; path: Id; body: { name?: string; standings?: string[]; note?: string } }>;
  };
  "/api/search": { get: Op<{ out: List<T.Hit>; query: { q: string; after?: string } }> };
  "/api/intents": { get: Op<{ out: List<T.Intent> }> };
}
