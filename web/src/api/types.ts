/**
 * The nouns of the API as the screens know them. Until the server writes web/openapi.json these stand here by hand;
 * afterwards each becomes an alias of `components["schemas"][…]` in schema.d.ts, and nothing else has to change.
 * Ids are 13-character strings, times RFC 3339 in UTC.
 */

export type Role = "administrator" | "manager" | "operator" | "member" | "contributor" | "viewer" | "agency";
export type Presence = "here" | "away";
export type State = "open" | "waiting" | "snoozed" | "closed";
export type View = "mine" | "department" | "unowned" | "all" | "aside";
export type Sort = "newest" | "clock";

/** A person or department, for showing. */
export interface Ref {
  id: string;
  name: string;
}

/** There is always exactly one owner; without a person it is the department's queue. */
export interface Owner {
  department: Ref;
  person?: Ref;
}

export interface Page<T> {
  items: T[];
  next: string;
}

/** What went wrong, RFC 9457; detail is for the person and says what to do. */
export interface ProblemBody {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  errors?: { location?: string; message?: string }[];
}

export interface Organisation {
  name: string;
  zone: string;
  locale: string;
  publicUrl: string;
  demo: boolean;
}

export interface Session {
  person?: Me;
  organisation: Organisation;
  needsSetup: boolean;
  version: string;
  /** Everything is stopped: nothing leaves on any account. */
  stopped: boolean;
}

export interface Me {
  id: string;
  name: string;
  email: string;
  role: Role;
  zone: string;
  departments: Ref[];
  can: string[];
  theme?: string;
  presence: Presence;
}

export interface DemoPerson {
  id: string;
  name: string;
  role: Role;
  department: string;
  email: string;
}

export interface TemplateDepartment {
  /** Has what fits nobody; always kept. */
  operator?: boolean;
  name: string;
  summary: string;
  phrases: string[];
  intents: string[];
}

export interface Template {
  key: string;
  title: string;
  summary: string;
  departments: TemplateDepartment[];
}

/** What the set-up link knows before anything is set up. */
export interface SetupFacts {
  name?: string;
  publicUrl: string;
  zone: string;
  locale: string;
  templates: Template[];
}

export interface SetupAnswers {
  administrator: { name: string; email: string; password: string };
  organisation: { name: string; publicUrl: string; zone: string; locale: string };
  template: string;
  /** Names of the template's departments that are kept. */
  departments: string[];
}

export interface Invitation {
  id: string;
  email: string;
  name: string;
  role: Role;
  departments: Ref[];
  expiresAt: string;
}

export interface NewInvitation {
  id: string;
  link: string;
  expiresAt: string;
}

export interface Absence {
  id: string;
  from: string;
  until: string;
  note: string;
}

export type Weekday = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";

export interface Calendar {
  zone: string;
  week: Record<Weekday, { from: string; to: string }[]>;
  holidays: { date: string; name: string }[];
}

export interface Person {
  id: string;
  name: string;
  email: string;
  role: Role;
  state: "invited" | "active" | "disabled";
  zone: string;
  departments: Ref[];
  skills: string[];
  languages: string[];
  capacity: number;
  load: number;
  presence: Presence;
  /** By hours and absences, now. */
  working: boolean;
  hours?: Calendar;
  absences: Absence[];
  can: string[];
}

export interface PersonChange {
  name?: string;
  role?: Role;
  zone?: string;
  departments?: string[];
  skills?: string[];
  languages?: string[];
  capacity?: number;
  hours?: Calendar;
  state?: Person["state"];
}

/** Minutes of business time; 0 is none. */
export interface Targets {
  firstResponse: number;
  nextResponse: number;
  resolution: number;
}

export interface Department {
  id: string;
  name: string;
  summary: string;
  phrases: string[];
  intents: string[];
  standIn?: Ref;
  /** The switchboard's own queue. */
  operator: boolean;
  hours?: Calendar;
  targets: Targets;
  /** Minutes after which a claim without an answer is taken back. */
  takeBack: number;
  people: Ref[];
  waiting: number;
  can: string[];
}

export interface DepartmentChange {
  name?: string;
  summary?: string;
  phrases?: string[];
  intents?: string[];
  standIn?: string;
  hours?: Calendar;
  targets?: Targets;
  takeBack?: number;
}

export interface Settings {
  name: string;
  publicUrl: string;
  zone: string;
  locale: string;
  /** When the house is open; absent: always. */
  hours?: Calendar | undefined;
}

export type Scope = "read" | "write" | "admin";

export interface ApiKey {
  id: string;
  name: string;
  scopes: Scope[];
  createdAt?: string;
  lastUsed?: string;
}

export interface NewApiKey extends ApiKey {
  /** Shown once, never again. */
  secret: string;
}

export interface AboutSetting {
  name: string;
  title: string;
  help?: string;
  kind: "text" | "secret" | "url" | "number" | "bool" | "choice";
  default?: string;
  required: boolean;
  choices?: string[];
}

export interface About {
  name: string;
  title: string;
  summary: string;
  help: string;
  oauth: boolean;
  settings: AboutSetting[];
}

/** How much an account may say; counted by lib/limits.ts and, to the same figure, by the server. */
export interface Limits {
  text: number;
  unit: "graphemes" | "codepoints" | "bytes";
  bytes?: number;
  url?: number;
  shortAt?: boolean;
  privateText?: number;
  media: number;
  mediaSize?: number;
  alt?: number;
}

export interface Trouble {
  deed: string;
  message: string;
  since: string;
  nextTry?: string;
  incident: string;
}

export interface Health {
  checkedAt?: string;
  lastSeen?: string;
  lastFetch?: string;
  lastSent?: string;
  gapSince?: string;
  trouble?: Trouble;
  tokenExpires?: string;
  queued: number;
  unknown: number;
  setAside: number;
  streaming: boolean;
}

export interface Right {
  person?: Ref;
  department?: Ref;
  right: "speak" | "manage";
}

export interface Account {
  id: string;
  channel: string;
  name: string;
  handle: string;
  state: "active" | "paused" | "reconnect" | "trouble" | "disconnected";
  /** The stop button of this account. */
  paused: boolean;
  health: Health;
  limits: Limits;
  /** The address to give the far side. */
  webhook?: string;
  people: Right[];
  can: string[];
}

export interface Profile {
  remoteId: string;
  handle: string;
  name: string;
  note?: string;
  limits: Limits;
}

/** Something that arrived and could not be read. */
export interface Arrival {
  id: string;
  at: string;
  remoteId: string;
  tries: number;
  problem: string;
  raw: string;
}

export interface Stopped {
  stopped: boolean;
  held: number;
}

export interface Clock {
  kind: "first" | "next" | "resolution";
  due: string;
  started: string;
  state: "running" | "warned" | "breached";
}

/** One line of the inbox. */
export interface Row {
  id: string;
  contact: { id: string; name: string; handle: string; avatar?: string; standings: string[] };
  account: { id: string; name: string; handle: string; channel: string };
  private: boolean;
  state: State;
  setAside: boolean;
  subject: string;
  excerpt: string;
  intent: string;
  intents: string[];
  urgency: "now" | "today" | "normal";
  needs: "must" | "courtesy" | "none";
  language: string;
  owner: Owner;
  claimedAt?: string;
  messages: number;
  unread: boolean;
  tags: string[];
  /** Absent when nothing runs: waiting or closed. */
  clock?: Clock;
  snoozedUntil?: string;
  lastAt: string;
  openedAt: string;
  thread?: string;
  can: string[];
}

export interface Counts {
  mine: number;
  department: number;
  unowned: number;
  all: number;
  aside: number;
  byDepartment: Record<string, number>;
}

export interface Decision {
  department: Ref;
  person?: Ref;
  by: "rule" | "map" | "model" | "operator" | "person";
  confidence: number;
  reasons: string[];
}

export interface Suggestion {
  department: Ref;
  person?: Ref;
  confidence: number;
  reasons: string[];
}

export interface Assessment {
  language: { code: string; confidence: number };
  intents: { key: string; confidence: number }[];
  needs: string;
  urgency: string;
  sentiment: number;
  question: boolean;
  spam: number;
  reasons: { what: string; words?: string[] }[];
}

export interface Media {
  id: string;
  type: string;
  name: string;
  alt: string;
  /** Ours: /api/media/… */
  url: string;
  size?: number;
}

export interface MessageEntry {
  kind: "message";
  id: string;
  at: string;
  direction: "in" | "out";
  private: boolean;
  from: { name: string; handle: string; avatar?: string; personName?: string };
  subject?: string;
  text: string;
  /** Sanitised by the server; shown in a frame without scripts all the same. */
  html?: string;
  quoted?: string;
  warning?: string;
  lang?: string;
  media: Media[];
  edited?: string;
  deleted?: string;
  url?: string;
  automatic?: boolean;
  doubts?: string[];
  delivery?: Delivery;
  versions?: { at: string; text: string }[];
}

export interface NoteEntry {
  kind: "note";
  id: string;
  at: string;
  person: Ref;
  text: string;
}

export interface EventEntry {
  kind: "event";
  id: string;
  at: string;
  what: string;
  who: string;
  text: string;
}

/** One entry of the timeline, which runs oldest first. */
export type Entry = MessageEntry | NoteEntry | EventEntry;

export interface Delivery {
  id: string;
  state: "held" | "queued" | "sending" | "sent" | "failed" | "unknown" | "cancelled";
  text: string;
  reason?: string;
  author: Ref;
  at: string;
  sentAt?: string;
  url?: string;
  private: boolean;
  can: string[];
}

export interface OutgoingDelivery extends Delivery {
  conversation: Ref | string;
}

export interface ReplyAs {
  account: string;
  handle: string;
  private: boolean;
  /** The reply waits for somebody's approval before it leaves. */
  held: boolean;
  limits: Limits;
  to: string;
}

export interface Identity {
  channel: string;
  handle: string;
  name: string;
  url?: string;
  followers?: number;
}

export interface Conversation extends Row {
  timeline: Entry[];
  contactIdentities: Identity[];
  decision: Decision;
  assessment?: Assessment;
  suggestions: Suggestion[];
  deliveries: Delivery[];
  /** The same contact's other conversations, the newest five. */
  others: Row[];
  replyAs: ReplyAs | null;
  viewers: Ref[];
}

export interface NewReply {
  text: string;
  private?: boolean;
  parent?: string;
  undo?: number;
  media?: string[];
  seen?: string;
  force?: boolean;
  then?: "waiting" | "close" | "open";
}

export interface Candidate {
  department: Ref;
  person?: Ref;
  reasons: string[];
  score: number;
  working: boolean;
  load: number;
}

export interface Contact {
  id: string;
  name: string;
  identities: Identity[];
  standings: string[];
  note: string;
  conversations: Row[];
}

export interface Hit {
  conversation: Row;
  message: string;
  at: string;
  snippet: string;
}

export interface Intent {
  key: string;
  title: string;
}

export interface Upload {
  id: string;
  name: string;
  type: string;
  size: number;
}

/** One event of the live feed: what happened to what, never the text. */
export interface LiveEntry {
  what: string;
  conversation?: string;
  about?: string;
  at: string;
  seq: number;
}

export interface ConversationFilter {
  view: View;
  state: State;
  sort: Sort;
  department?: string;
  account?: string;
  intent?: string;
  tag?: string;
  q?: string;
}
