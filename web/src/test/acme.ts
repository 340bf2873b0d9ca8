/**
 * ACME, a made-up company with made-up customers: what the pretend server starts with. Names, handles and addresses
 * are invented and end in reserved domains.
 */
import type {
  About,
  Account,
  Calendar,
  Department,
  Intent,
  Limits,
  Media,
  Person,
  Ref,
  Role,
  Template,
  Topic,
} from "../api/types";

export const minute = 60_000;
export const hour = 60 * minute;

export const week: Calendar = {
  zone: "Europe/London",
  week: {
    mon: [{ from: "09:00", to: "17:30" }],
    tue: [{ from: "09:00", to: "17:30" }],
    wed: [
      { from: "09:00", to: "12:30" },
      { from: "13:30", to: "18:00" },
    ],
    thu: [{ from: "09:00", to: "17:30" }],
    fri: [{ from: "09:00", to: "16:00" }],
    sat: [],
    sun: [],
  },
  holidays: [{ date: "2026-12-25", name: "Christmas Day" }],
};

export const topics: Topic[] = [
  ["kettle", "Kettle", "product", ["kettle*"], 12],
  ["berlin", "Berlin shop", "place", ["Berlin", "Schönhauser Allee"], 0],
].map(([key, name, kind, phrases, count]) => ({ key, name, kind, phrases, count, enabled: true, version: 1, changedAt: "2026-03-02T10:00:00Z", can: [] }) as unknown as Topic); // prettier-ignore

export const intents: Intent[] = [
  { key: "support", title: "Support" },
  { key: "complaint", title: "Complaint" },
  { key: "sales", title: "Sales" },
  { key: "feedback", title: "Feedback" },
  { key: "praise", title: "Praise" },
  { key: "press", title: "Press" },
  { key: "partnership", title: "Partnership" },
  { key: "careers", title: "Careers" },
  { key: "billing", title: "Billing" },
  { key: "procedure", title: "Procedure" },
  { key: "community", title: "Community" },
  { key: "abuse", title: "Abuse" },
  { key: "spam", title: "Spam" },
  { key: "other", title: "Other" },
];

const ref = (id: string, name: string): Ref => ({ id, name });

export const departmentRefs = {
  switchboard: ref("dep_switch001", "Switchboard"),
  service: ref("dep_service01", "Customer service"),
  accounts: ref("dep_accounts1", "Accounts"),
  marketing: ref("dep_marketin1", "Marketing"),
  pr: ref("dep_pressoff1", "Press office"),
  sales: ref("dep_salesdep1", "Sales"),
  people: ref("dep_peoplehr1", "People"),
  product: ref("dep_product01", "Product"),
} as const;
export type Dep = keyof typeof departmentRefs;

type Staff = [
  id: string,
  name: string,
  role: Role,
  dep: Dep,
  skills: string,
  languages: string,
  load: number,
  here: boolean,
];
const staff: Staff[] = [
  ["per_grace0001", "Grace Okafor", "administrator", "switchboard", "moderation, crisis", "en, fr", 3, true],
  ["per_sue000001", "Sue Marsh", "member", "service", "returns, delivery, parcels", "en, de", 8, true],
  ["per_tom000001", "Tom Adeyemi", "member", "service", "anvils, spare parts", "en", 5, true],
  ["per_bob000001", "Bob Carter", "contributor", "accounts", "invoices, VAT, refunds", "en", 2, true],
  ["per_nadia0001", "Nadia Rahman", "member", "accounts", "subscriptions, direct debit", "en, bn", 4, false],
  ["per_ines00001", "Inês Duarte", "manager", "marketing", "campaigns, community", "pt, en, es", 6, true],
  ["per_marc00001", "Marc Lefèvre", "member", "pr", "journalists, statements", "fr, en", 1, true],
  ["per_hana00001", "Hana Yoshida", "member", "sales", "wholesale, quotes", "ja, en", 7, true],
  ["per_olu000001", "Olu Bankole", "member", "product", "rocket skates, safety", "en, yo", 3, true],
  ["per_petra0001", "Petra Novák", "member", "people", "applications, internships", "cs, de, en", 0, false],
  ["per_victor001", "Victor Hale", "viewer", "switchboard", "", "en", 0, true],
  ["per_agency001", "Studio Nine", "agency", "marketing", "copy", "en", 0, true],
];

export function people(): Person[] {
  return staff.map(([id, name, role, dep, skills, languages, load, here]) => ({
    id,
    name,
    email: `${name
      .split(" ")[0]!
      .toLowerCase()
      .normalize("NFD")
      .replace(/[^a-z]/g, "")}@acme.example`,
    role,
    state: "active",
    zone: "Europe/London",
    departments: [departmentRefs[dep]],
    skills: skills.split(", ").filter(Boolean),
    languages: languages.split(", "),
    capacity: 12,
    load,
    presence: here ? "here" : "away",
    working: here,
    absences: here
      ? []
      : [
          {
            id: `abs_${id.slice(4, 13)}`,
            from: "2026-11-20T00:00:00Z",
            until: "2026-11-30T00:00:00Z",
            note: "Holiday",
          },
        ],
    can: ["edit", "arrange", "manage"],
  }));
}

const answers: Record<Dep, [summary: string, phrases: string, intents: string]> = {
  switchboard: ["Whatever fits nobody else.", "", "other"],
  service: [
    "Orders, parcels, returns and repairs.",
    "where is my parcel, it arrived broken, how do I return",
    "support, complaint",
  ],
  accounts: ["Invoices, payments and refunds.", "my invoice is wrong, VAT number, charged twice, refund", "billing"],
  marketing: [
    "Our brand, the community and campaigns.",
    "love your video, competition, giveaway",
    "praise, community, feedback",
  ],
  pr: ["Journalists and public statements.", "I write for, comment on, interview", "press"],
  sales: ["Quotes, wholesale and new customers.", "price for, do you ship, bulk order", "sales, partnership"],
  people: ["Applicants and working here.", "are you hiring, internship, my application", "careers"],
  product: ["How our things work and what they should do next.", "feature, does it work with, is it safe", "procedure"],
};

export function departments(all: Person[]): Department[] {
  return (Object.keys(departmentRefs) as Dep[]).map((key, i) => {
    const [summary, phrases, answersIntents] = answers[key];
    const { id, name } = departmentRefs[key];
    return {
      id,
      name,
      summary,
      phrases: phrases.split(", ").filter(Boolean),
      intents: answersIntents.split(", "),
      operator: key === "switchboard",
      ...(key === "accounts" ? { standIn: departmentRefs.service } : {}),
      ...(key === "service" ? { hours: week } : {}),
      targets: { firstResponse: [60, 30, 240, 120, 30, 60, 480, 240][i]!, nextResponse: 120, resolution: 2880 },
      takeBack: 30,
      moveOn: 30,
      precision: 0,
      people: all.filter((p) => p.departments.some((d) => d.id === id)).map((p) => ref(p.id, p.name)),
      waiting: 0,
      can: ["manage"],
    };
  });
}

const mastodonLimits: Limits = {
  text: 500,
  unit: "codepoints",
  url: 23,
  shortAt: true,
  media: 4,
  mediaSize: 16_000_000,
  alt: 1500,
};
const blueskyLimits: Limits = {
  text: 300,
  unit: "graphemes",
  bytes: 3000,
  privateText: 1000,
  privateBytes: 10_000,
  media: 4,
  mediaSize: 1_000_000,
  alt: 2000,
};
const mailLimits: Limits = { text: 0, unit: "graphemes", media: 10, mediaSize: 20_000_000 };

export const accountRefs = {
  mastodon: { id: "acc_mastodon1", name: "ACME help", handle: "@acme_help@social.example", channel: "mastodon" },
  bluesky: { id: "acc_bluesky01", name: "ACME", handle: "@acme.example", channel: "bluesky" },
  email: { id: "acc_mailpress", name: "Press desk", handle: "press@acme.example", channel: "email" },
  hook: { id: "acc_hookshop1", name: "Shop chat", handle: "shop-chat", channel: "hook" },
} as const;
export type Acc = keyof typeof accountRefs;

export function accounts(now: number): Account[] {
  const at = (ms: number) => new Date(now + ms).toISOString();
  const base = {
    paused: false,
    people: [{ department: departmentRefs.service, right: "speak" as const }],
    can: ["reply", "post", "manage", "test", "stop"],
  };
  return [
    {
      ...base, ...accountRefs.mastodon, state: "active", limits: mastodonLimits,
      health: { checkedAt: at(-9 * minute), lastSeen: at(-2 * minute), lastFetch: at(-20_000), lastSent: at(-14 * minute), queued: 1, unknown: 0, setAside: 0, streaming: true },
    },
    {
      ...base, ...accountRefs.bluesky, state: "trouble", limits: blueskyLimits,
      health: {
        checkedAt: at(-4 * minute), lastSeen: at(-52 * minute), lastFetch: at(-31 * minute), lastSent: at(-3 * hour), gapSince: at(-31 * minute),
        trouble: { deed: "fetch", message: "The server asks us to wait (too many requests). Nothing is lost: what arrives meanwhile is fetched afterwards.", since: at(-31 * minute), nextTry: at(6 * minute), incident: "inc_4f81c0a2" },
        tokenExpires: at(5 * 24 * hour), queued: 2, unknown: 1, setAside: 2, streaming: false,
      },
    },
    {
      ...base, ...accountRefs.email, can: ["reply", "manage", "test", "stop"], state: "active", limits: mailLimits,
      health: { checkedAt: at(-22 * minute), lastSeen: at(-48 * minute), lastFetch: at(-50_000), lastSent: at(-26 * hour), queued: 0, unknown: 0, setAside: 0, streaming: true },
    },
    {
      ...base, ...accountRefs.hook, state: "reconnect", limits: { text: 4000, unit: "graphemes", media: 5 }, webhook: "https://desk.acme.example/hook/acc_hookshop1",
      health: {
        checkedAt: at(-2 * hour), lastSeen: at(-26 * hour), lastSent: at(-27 * hour),
        trouble: { deed: "check", message: "The shop refuses our secret. Enter the new one under “Connection”.", since: at(-2 * hour), incident: "inc_90aa12d7" },
        queued: 0, unknown: 0, setAside: 0, streaming: false,
      },
    },
  ]; // prettier-ignore
}

export const channels: About[] = [
  {
    name: "mastodon", title: "Mastodon", summary: "Mentions, replies and private mentions on any Mastodon server.", oauth: true,
    help: "Open the server your account lives on and look at the address bar: that is the address of the server.\nYou will be sent there to allow Switchboard, and back.",
    settings: [{ name: "server", title: "Address of the server", kind: "url", required: true, help: "For example https://mastodon.social", default: "https://", server: true }, { name: "token", title: "Access token", kind: "secret", required: false, help: "Only if you don't connect through the browser" }],
  },
  {
    name: "bluesky", title: "Bluesky", summary: "Mentions, replies and chats on Bluesky and other AT Protocol servers.", oauth: false,
    help: "Make an app password under Settings → Privacy and security → App passwords. Allow access to direct messages if you want to answer chats.",
    settings: [
      { name: "handle", title: "Handle", kind: "text", required: true, help: "acme.example, without the @" },
      { name: "password", title: "App password", kind: "secret", required: true },
      { name: "service", title: "Server", kind: "url", required: false, default: "https://bsky.social", server: true },
    ],
  },
  {
    name: "email", title: "E-mail", summary: "A mailbox by IMAP and SMTP.", oauth: false,
    help: "Your mail provider's help names the two servers. Many providers want an app password instead of your own.",
    settings: [
      { name: "address", title: "Address", kind: "text", required: true },
      { name: "imap", title: "IMAP server", kind: "text", required: true, help: "imap.example.org:993" },
      { name: "smtp", title: "SMTP server", kind: "text", required: true, help: "smtp.example.org:465" },
      { name: "user", title: "Name to sign in with", kind: "text", required: true },
      { name: "password", title: "Password", kind: "secret", required: true },
      { name: "security", title: "Security", kind: "choice", required: true, default: "tls", choices: ["tls", "starttls"] },
    ],
  },
  { name: "feed", title: "Feed", summary: "A blog or news site by RSS, Atom or JSON Feed. Read only.", oauth: false, help: "", settings: [{ name: "url", title: "Address of the feed", kind: "url", required: true }] },
  {
    name: "hook", title: "Your own channel", summary: "Anything that can call a web address: a shop's chat, a contact form, an app.", oauth: false,
    help: "The documentation has a worked example in thirty lines.",
    settings: [
      { name: "callback", title: "Address that takes our answers", kind: "url", required: false },
      { name: "private", title: "Messages are private", kind: "bool", required: false, default: "true" },
    ],
  },
]; // prettier-ignore

const given = [
  {
    key: "company", title: "A company with departments", summary: "Service, accounts, marketing, press, sales, people and product. The usual start.",
    departments: (Object.keys(answers) as Dep[]).map((k) => ({ name: departmentRefs[k].name, summary: answers[k][0], phrases: answers[k][1].split(", ").filter(Boolean), intents: answers[k][2].split(", ") })),
  },
  {
    key: "small", title: "A small team", summary: "One desk for customers and one for everything else.",
    departments: [
      { name: "Customers", summary: "Questions, orders and complaints.", phrases: ["where is my order", "it does not work"], intents: ["support", "complaint", "billing", "sales"] },
      { name: "Office", summary: "Press, partners and applicants.", phrases: ["I write for", "are you hiring"], intents: ["press", "partnership", "careers"] },
    ],
  },
  {
    key: "public", title: "A public body", summary: "Citizens, press, and the offices behind them.",
    departments: [
      { name: "Citizens' desk", summary: "First questions of citizens.", phrases: ["opening hours", "which form"], intents: ["support", "procedure"] },
      { name: "Press office", summary: "Journalists.", phrases: ["comment on", "statement"], intents: ["press"] },
    ],
  },
]; // prettier-ignore

export const templates: Template[] = given.map((t) => ({
  ...t,
  departments: t.departments.map((d) => ({ ...d, operator: d.intents.includes("other") })),
}));

/** How a made-up conversation is written down; minutes are before now. */
export interface Seed {
  who: string;
  handle: string;
  standings: string;
  acc: Acc;
  private?: boolean;
  intent: string;
  dep: Dep;
  person?: string;
  urgency?: "now" | "today";
  needs?: "must" | "courtesy" | "none";
  lang?: string;
  tags?: string;
  subject?: string;
  /** Minutes until the clock is due; negative is over. Absent: none runs. */
  due?: number;
  state?: "waiting" | "snoozed" | "closed";
  aside?: boolean;
  unread?: boolean;
  lines: [minutesAgo: number, from: "in" | "out" | "note" | "event", text: string][];
  quoted?: string;
  html?: string;
  media?: Media[];
  delivery?: "held" | "failed" | "unknown" | "queued";
  reasons: string;
}

export const seeds: Seed[] = [
  {
    who: "Rowan Blake", handle: "@rowan@birds.example", standings: "customer", acc: "mastodon", intent: "complaint", dep: "service", person: "per_sue000001", urgency: "now", due: -3, unread: true, tags: "parcel",
    reasons: "the words parcel, broken; map: complaint → Customer service",
    lines: [
      [74, "in", "@acme_help the anvil I ordered three weeks ago arrived today with a crack right through it. Third time I write. Is anybody there?"],
      [73, "event", "Put through to Customer service: the words parcel, broken; map: complaint"],
      [66, "event", "Claimed by Sue Marsh"],
      [60, "note", "Order 20-4471, sent 2 November with Tortoise Parcels. They lost two others from the same van."],
      [51, "out", "Rowan, that should not have happened, and I am sorry you had to write three times. Can you send us a photograph of the crack? We will have a new one on its way today."],
      [33, "in", "Here you go. And please not with the same courier.\nThe page you linked is down too: https://acme.example/returns"],
    ],
    media: [{ id: "med_anvil0001", type: "image/svg+xml", name: "crack.jpg", alt: "An anvil on a doormat with a crack from the horn to the foot", url: "/api/media/med_anvil0001" }],
  },
  {
    who: "Lena Fischer", handle: "@lena.bsky.example", standings: "customer", acc: "bluesky", private: true, intent: "billing", dep: "accounts", due: 12, unread: true,
    reasons: "the words invoice, VAT; skills: Bob Carter knows invoices, VAT",
    lines: [[28, "in", "Hello! My October invoice (no. 2026-1183) has the old VAT number on it. Our bookkeeper cannot use it like that. Could you send a corrected one before Friday?"]],
  },
  {
    who: "Jonas Weber", handle: "jonas.weber@tagblatt.example", standings: "journalist", acc: "email", private: true, intent: "press", dep: "pr", person: "per_marc00001", urgency: "today", due: 47, subject: "Request for comment: recall of rocket skates", tags: "recall",
    reasons: "the contact is a journalist; the words comment, deadline",
    quoted: "On Thursday, ACME press desk wrote:\n> Dear Mr Weber, thank you for your patience. We will come back to you\n> as soon as the safety team has looked at the figures.",
    html: "<p>Dear press desk,</p><p>thank you for the quick reply yesterday. Our deadline is <b>today, 18:00</b>.</p>",
    lines: [
      [1500, "in", "Dear press desk,\n\nI write for Tagblatt on product safety. Can you confirm how many pairs of rocket skates are affected by the recall, and since when you knew?\n\nJonas Weber"],
      [1440, "out", "Dear Mr Weber,\n\nthank you for your patience. We will come back to you as soon as the safety team has looked at the figures.\n\nMarc Lefèvre"],
      [95, "in", "Dear press desk,\n\nthank you for the quick reply yesterday. Our deadline is today, 18:00. A sentence from your safety team would do.\n\nJonas Weber"],
      [90, "note", "@Olu can you give me the number of pairs and the date of the first report? I draft the rest."],
    ],
    delivery: "held",
  },
  {
    who: "Maya Pérez", handle: "@maya@fedi.example", standings: "prospect", acc: "mastodon", intent: "sales", dep: "sales", person: "per_hana00001", due: 26, reasons: "the words price, 40 pieces",
    lines: [[34, "in", "@acme_help what would 40 pairs of spring shoes cost, delivered to Valencia? We open the gym in January."]],
  },
  {
    who: "Amélie Roux", handle: "@amelie.bsky.example", standings: "influencer, customer", acc: "bluesky", intent: "feedback", dep: "marketing", person: "per_ines00001", due: 95, lang: "fr", reasons: "the words vidéo, idée; language: French, spoken by Inês Duarte's stand-in",
    lines: [[52, "in", "Votre nouvelle vidéo est superbe, mais il manque des sous-titres. 40 000 personnes qui me suivent vous diraient la même chose 😉"]],
  },
  {
    who: "Dario Conti", handle: "@dario@music.example", standings: "customer", acc: "mastodon", private: true, intent: "support", dep: "service", due: 18, unread: true, reasons: "the words order, where; continuity: Tom Adeyemi answered before",
    lines: [[42, "in", "Ciao, where is my order 20-5120? Tracking says “at the depot” since Monday."], [41, "event", "Put through to Customer service: the words order, where is"]],
  },
  {
    who: "Old Mill Primary School", handle: "office@oldmill.example", standings: "customer", acc: "email", private: true, intent: "procedure", dep: "product", person: "per_olu000001", due: 140, subject: "Are the rocket skates safe under 12?", reasons: "the words safe, under 12; skills: safety",
    lines: [[180, "in", "Good morning,\n\na parent wants to give our sports day a set of rocket skates. The manual says “not for children” but the shop page says “from 10”. Which is right?\n\nThe office"]],
  },
  {
    who: "Priya Nair", handle: "@priya@jobs.example", standings: "candidate", acc: "mastodon", private: true, intent: "careers", dep: "people", due: 300, reasons: "the words internship, apply",
    lines: [[66, "in", "Hi! Do you take interns in the workshop next summer? I could not find where to apply."]],
  },
  {
    who: "Kofi Mensah", handle: "@kofi.bsky.example", standings: "advocate", acc: "bluesky", intent: "praise", dep: "marketing", needs: "courtesy", due: 210, reasons: "the words love, thank you",
    lines: [[25, "in", "Ten years with the same ACME kettle and it still sings. Love you people. 🫖"]],
  },
  {
    who: "Shop chat guest", handle: "guest-8841", standings: "", acc: "hook", private: true, intent: "support", dep: "switchboard", due: 5, unread: true, reasons: "nobody fits well: 0.31 Customer service, 0.28 Product",
    lines: [[9, "in", "it says error 7 and then it just hums??"], [9, "event", "Put through to Switchboard: nobody fits well enough"]],
  },
  {
    who: "مريم حداد", handle: "@maryam@nour.example", standings: "customer", acc: "mastodon", intent: "support", dep: "switchboard", due: 38, lang: "ar", reasons: "nobody on duty speaks Arabic",
    lines: [[21, "in", "مرحبًا، وصل الطرد لكن ينقصه المفتاح. كيف أحصل على واحد جديد؟"]],
  },
  {
    who: "Northwind Outdoor", handle: "@northwind.example", standings: "partner", acc: "bluesky", intent: "partnership", dep: "sales", due: 400, reasons: "the contact is a partner",
    lines: [[130, "in", "We would love to bundle your grappling hooks with our ropes for spring. Who is the right person to talk to?"]],
  },
  {
    who: "Graham Pike", handle: "@gpike@harbour.example", standings: "customer, detractor", acc: "mastodon", intent: "complaint", dep: "service", person: "per_sue000001", urgency: "today", due: 64, tags: "refund", reasons: "continuity: Sue Marsh answered before",
    lines: [[500, "in", "@acme_help charged twice for one catapult. Twice! Your shop is a catapult for my money."], [470, "out", "Graham, we see both payments. One of them goes back to your card today; it takes two days to show."], [41, "in", "@acme_help day four. Nothing. I have told my four thousand followers."]],
    delivery: "unknown",
  },
  {
    who: "Elif Demir", handle: "@elif.bsky.example", standings: "customer", acc: "bluesky", private: true, intent: "support", dep: "service", person: "per_sue000001", due: 88, lang: "de", reasons: "language: German, spoken by Sue Marsh",
    lines: [[71, "in", "Hallo, die Feder am linken Schuh ist nach zwei Tagen gebrochen. Bekomme ich eine neue, oder muss ich beide zurückschicken?"]],
    delivery: "failed",
  },
  {
    who: "Sam Whitlock", handle: "sam@whitlock.example", standings: "customer", acc: "email", private: true, intent: "billing", dep: "accounts", person: "per_bob000001", due: 155, subject: "Purchase order 88-210", reasons: "the words purchase order; skills: invoices",
    lines: [[200, "in", "Please put our purchase order number 88-210 on all invoices from now on. Two of them came without and our system sends them back."]],
  },
  {
    who: "Beatriz Lima", handle: "@bia@praia.example", standings: "customer", acc: "mastodon", intent: "support", dep: "service", person: "per_tom000001", state: "waiting", reasons: "skills: spare parts",
    lines: [[900, "in", "@acme_help do you still make the handle for the 1998 tunnel paint roller?"], [860, "out", "Beatriz, we do! Which of the two widths is it: 18 or 25 cm?"]],
  },
  {
    who: "Hugo Lindqvist", handle: "@hugo@skog.example", standings: "customer", acc: "mastodon", private: true, intent: "support", dep: "service", person: "per_sue000001", state: "snoozed", reasons: "the words delivery date",
    lines: [[2000, "in", "No hurry at all: tell me when the big magnet is back in stock, please."], [1980, "event", "Snoozed until Monday 09:00 by Sue Marsh"]],
  },
  {
    who: "Tess Moreau", handle: "@tess.bsky.example", standings: "customer", acc: "bluesky", intent: "praise", dep: "marketing", person: "per_ines00001", state: "closed", reasons: "the words thank you",
    lines: [[3000, "in", "The replacement came in a day. Thank you, Sue!"], [2980, "out", "That makes our morning, Tess. Enjoy it!"], [2979, "event", "Closed by Inês Duarte"]],
  },
  {
    who: "crypto_gains_4u", handle: "@gains@spam.example", standings: "", acc: "mastodon", intent: "spam", dep: "switchboard", needs: "none", aside: true, state: "closed", reasons: "spam: 0.98; the words airdrop, claim",
    lines: [[15, "in", "@acme_help 🚀🚀 AIRDROP claim your ACME token now 🚀🚀"], [15, "event", "Set aside: no answer needed (spam 0.98)"]],
  },
  {
    who: "Poppy Lane", handle: "@poppy@meadow.example", standings: "customer", acc: "mastodon", intent: "community", dep: "marketing", needs: "none", aside: true, state: "closed", reasons: "no question, no complaint; a friend is mentioned",
    lines: [[80, "in", "@acme_help @june look, the roller we talked about"], [80, "event", "Set aside: no answer needed (conversation among others)"]],
  },
]; // prettier-ignore
