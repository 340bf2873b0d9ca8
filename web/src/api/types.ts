/**
 * The nouns of the API under the names the screens use; schema.d.ts is made from the Go routes (`make generate`) and
 * never edited. Ids are 13-character strings, times RFC 3339 in UTC.
 */
import type { components } from "./schema";

type S = components["schemas"];

export type Me = S["Me"];
export type Role = Me["role"];
export type Presence = Me["presence"];
export type Session = S["Session"];
export type ResetLink = S["ResetLink"];
export type Organisation = S["House"];
export type DemoPerson = S["DemoPerson"];
/** A person or department, for showing. */
export type Ref = S["Ref"];
/** There is always exactly one owner; without a person it is the department's queue. */
export type Owner = S["Owner"];

export type SetupFacts = S["Setup"];
export type SetupAnswers = Required<S["SetupFormBody"]>;
export type Template = S["SetupTemplate"];
export type Invitation = S["Invitation"];
export type NewInvitation = S["Invited"];

export type Person = S["Person"];
export type PersonChange = S["PersonFormBody"];
export type Calendar = S["Calendar"];
export type Department = S["Department"];
export type Settings = S["Settings"];
/** How the language model is set, and how it goes with it. */
export type Advice = S["Advice"];
export type AdviceForm = S["AdviceForm"];
export type AdviceTrial = S["AdviceTrial"];
/** How the house's own mail is set, and what became of its letters. */
export type HouseMail = S["HouseMail"];
export type HouseMailForm = S["HouseMailForm"];
export type HouseMailTrial = S["HouseMailTrial"];
/** What the link of an e-mail opens. */
export type Answering = S["Answering"];
/** A request with what may be seen of it by who may not see the conversation. */
export type MyQuestion = S["Question"];
export type ApiKey = S["Key"];
export type NewApiKey = S["NewKey"];
export type Scope = "read" | "write" | "admin";

export type About = S["About"];
export type AboutSetting = S["Setting"];
export type Account = S["Account"];
export type Health = S["Health"];
/** How much an account may say; counted by lib/limits.ts and, to the same figure, by the server. */
export type Limits = S["Limits"];
export type Right = S["Right"];
export type Profile = S["Profile"];
export type Tested = S["Tested"];
/** Something that arrived and could not be read. */
export type Arrival = S["Arrival"];

/** One line of the inbox. */
export type Row = S["Row"];
export type State = Row["state"];
/** Asked: where something is asked of me or of my departments. */
export type View = "mine" | "department" | "unowned" | "all" | "asked" | "promised" | "aside";
export type Sort = "newest" | "oldest" | "clock" | "priority";
export type Counts = S["Counts"];
export type Conversation = S["Conversation"];
export type Suggestion = S["Suggestion"];
/** Something people write about, as the dictionary has it. */
export type Topic = S["Topic"];
/** An earlier message of another contact that says much the same. */
export type Similar = S["Similar"];
/** An entry of the library: what may be said, and how things are done. */
export type AnswerEntry = S["Answer"];
export type AnswerLine = S["AnswerLine"];
export type AnswerText = S["AnswerText"];
export type AnswerBody = S["AnswerBody"];
export type AnswerVersion = S["AnswerVersion"];
export type ProposedAnswer = S["ProposedAnswer"];
/** A short text with a shortcut; with deeds it is a macro. */
export type SavedReply = S["SavedReply"];
export type SavedBody = S["SavedBody"];
export type SavedDeed = S["SavedDeed"];
/** An entry or a saved reply with its words as they would stand in a reply. */
export type Fit = S["Fit"];
/** Something asked of another person or department inside a conversation. */
export type Request = S["Request"];
export type Candidate = S["Candidate"];
export type MessageEntry = S["MessageEntry"];
export type NoteEntry = S["NoteEntry"];
export type EventEntry = S["EventEntry"];
export type CallEntry = S["CallEntry"];
/** One entry of the timeline, which runs oldest first. */
export type Entry = MessageEntry | NoteEntry | EventEntry | CallEntry;
export type Media = S["Media"];
export type Delivery = S["Delivery"];
export type OutgoingDelivery = S["OutgoingDelivery"];
/** A picture or file that goes out with a message. */
export type OutgoingFile = S["File"];
export type NewPost = S["PostFormBody"];
export type ReplyAs = S["ReplyAs"];
/** Somebody in a message beside who wrote it and us. */
export type Other = S["Other"];
/** Something we told a contact we would do. */
export type Promised = S["Promise"];
export type ListedPromise = S["ListedPromise"];
export type PromiseFigures = S["PromiseFigures"];
/** What an answer would promise, before it is sent. */
export type FoundPromise = S["FoundPromise"];
export type NewPromise = S["PromiseForm"];
export type NewReply = S["ReplyFormBody"];
export type Identity = S["Identity"];
export type Contact = S["Contact"];
export type ContactRow = S["ContactRow"];
export type Imported = S["Imported"];
export type PrivateWays = S["PrivateWays"];
export type Suspect = S["Suspect"];
export type Hit = S["Hit"];
export type OtherFind = S["OtherFind"];
export type Intent = S["Intent"];
export type Scoreboard = S["Scoreboard"];
/** What was thought of a conversation when it opened, and what came of it. */
export type Verdict = S["Verdict"];
export type Upload = S["Upload"];

export type Rule = S["Rule"];
/** What a rule was built from; its expression is the rule's condition. */
export type RuleForm = S["Form"];
export type Trial = S["Trial"];
export type ResponsibilityMap = S["Map"];
export type MapRow = S["MapRow"];
export type RowBody = S["RowBody"];
export type Replay = S["Replay"];
export type ReplayHand = S["ReplayHand"];
export type ReplayPerson = S["ReplayPerson"];
export type ReplaySide = S["ReplaySide"];

/** What went wrong, RFC 9457; detail is for the person and says what to do. */
export type ProblemBody = Partial<S["ErrorModel"]>;

export interface Page<T> {
  items: T[];
  next: string;
}

/** What a list of conversations shows. */
export interface ConversationFilter {
  view: View;
  /** Any is for a search alone. */
  state: State | "any";
  sort: Sort;
  department?: string | undefined;
  owner?: string | undefined;
  account?: string | undefined;
  channel?: string | undefined;
  intent?: string | undefined;
  topic?: string | undefined;
  language?: string | undefined;
  standing?: string | undefined;
  urgency?: "now" | "today" | "normal" | undefined;
  tag?: string | undefined;
  /** Something was said in it in so many days. */
  days?: number | undefined;
  unread?: boolean | undefined;
  asked?: boolean | undefined;
  q?: string | undefined;
}

/** What narrows a list, beside its view, state and order. */
export const narrowing = ["department", "owner", "account", "channel", "intent", "topic", "language", "standing", "urgency", "tag", "days", "unread", "asked"] as const; // prettier-ignore
export type Narrowing = (typeof narrowing)[number];

export type SavedView = S["SavedView"];
export type ViewFilter = S["ViewFilter"];
export type BulkResult = S["BulkResult"];
export type BulkItem = S["BulkItem"];
/** What somebody did to a conversation and can take back. */
export type UndoDeed = S["UndoDeedFormBody"]["do"];
export type BulkForm = S["BulkFormBody"];
export type BoardPage = S["BoardPage"];
export type Incident = S["IncidentRow"];
export type Thread = S["Thread"];

/** What a list of verdicts shows; it stands in the address, so that a figure can be sent to a colleague. */
export interface VerdictFilter {
  days?: number;
  from?: string;
  until?: string;
  said?: string;
  was?: string;
  notOf?: string;
  account?: string;
  least?: number;
  below?: number;
  settled?: boolean;
  corrected?: boolean;
  found?: "right" | "wrong" | "among" | "missed";
  by?: "rule" | "map" | "model" | "operator" | "machine" | "asked";
  how?: Scoreboard["how"][number]["how"];
}

export type Notification = components["schemas"]["Notification"];
export type Notifications = components["schemas"]["Notifications"];
export type NotificationKind = components["schemas"]["NotificationKind"];
export type NotificationSettings = components["schemas"]["NotificationSettings"];
export type PushDevice = components["schemas"]["PushDevice"];
export type Chat = components["schemas"]["Chat"];
export type Chats = components["schemas"]["Chats"];
