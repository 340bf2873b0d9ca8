/** The bell of the pretend server. */
import type { Chat, Chats, Notification, NotificationSettings } from "../api/types";
import type { On } from "./call";

const kinds: [kind: string, title: string, urgent: boolean][] = [
  ["put_through", "A conversation is put through to me", true],
  ["asked", "A colleague asks me or my department something", true],
  ["mention", "I am mentioned in a note", true],
  ["queue", "Something new waits in my department's queue", false],
  ["clock_breached", "The time for an answer is up", true],
];

/** What somebody was told of, and how they want to be. */
export class PretendBell {
  readonly items: Notification[];
  readonly chats: Chat[] = [];
  readonly settings: NotificationSettings = {
    kinds: kinds.map(([kind, title, urgent]) => ({ kind, title, urgent, list: true, push: urgent, mail: kind === "mention" })),
    quiet: "hours", from: "20:00", until: "07:00", zone: "Europe/Berlin", urgent: false, digest: "hourly", words: false,
    mailReady: false, pushKey: "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM",
    devices: [{ id: "dev_000000001", name: "Firefox on Android", hash: "00", createdAt: "2026-03-01T08:00:00Z" }],
  }; // prettier-ignore

  constructor(now: number) {
    const at = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
    const one = (id: number, kind: string, text: string, ago: number, more: Partial<Notification> = {}): Notification => ({
      id: `ntf_${String(id).padStart(9, "0")}`, kind, text, excerpt: "", by: "", contact: "", count: 1, path: "/inbox/all/con_000000001", at: at(ago), read: false, ...more,
    }); // prettier-ignore
    this.items = [
      one(1, "asked", "Tom Adeyemi asks you something in the conversation with Lena Brandt", 4, { excerpt: "Can I still change the address?", path: "/conversations/con_000000002" }),
      one(2, "queue", "3 more came into the queue of Customer service", 11, { count: 3, path: "/inbox/unowned?department=dep_service01" }),
      one(3, "clock_breached", "The time for an answer is up in the conversation with Maya", 50),
      one(4, "mention", "Grace Okafor mentions you in a note in the conversation with Ola", 300, { read: true }),
    ]; // prettier-ignore
  }

  get unread(): number {
    return this.items.filter((n) => !n.read).length;
  }

  route(on: On): void {
    on("GET", "notifications", ({ query }) => ({
      items: this.items.filter((n) => !n.read || query.get("unread") !== "true"),
      unread: this.unread,
    }));
    on("GET", "notifications/count", () => ({ unread: this.unread }));
    on("POST", "notifications/read", ({ body }) => {
      const ids = body["ids"] as string[] | undefined;
      this.items.forEach((n) => (n.read ||= ids ? ids.includes(n.id) : true));
    });
    on("GET", "notifications/settings", () => this.settings);
    on("PUT", "notifications/settings", ({ body }) => {
      const { kinds: ways, ...rest } = body as unknown as NotificationSettings;
      this.settings.kinds.forEach((k) =>
        Object.assign(
          k,
          ways.find((w) => w.kind === k.kind),
        ),
      );
      return Object.assign(this.settings, rest);
    });
    on("DELETE", "devices/:", ({ path }) => {
      this.settings.devices = this.settings.devices.filter((d) => d.id !== path[1]);
    });
    this.#routeChats(on);
  }

  #routeChats(on: On): void {
    const find = (id: string | undefined) => this.chats.find((c) => c.id === id)!;
    const list: () => Chats = () => ({
      items: this.chats,
      kinds: kinds.slice(3).map(([kind, title]) => ({ kind, title })),
    });
    on("GET", "chats", list);
    on("POST", "chats", ({ body }) => {
      const { address, department, ...rest } = body as Record<string, string>;
      const c = {
        id: `cht_${String(this.chats.length + 1).padStart(9, "0")}`, paused: false, host: new URL(address!).host,
        ...(department ? { department: { id: department, name: "Customer service" } } : {}), ...rest,
      } as unknown as Chat; // prettier-ignore
      this.chats.push(c);
      return c;
    });
    on("PATCH", "chats/:", ({ path, body }) => {
      const { name, form, kinds: told, words, paused } = body;
      const set = Object.entries({ name, form, kinds: told, words, paused }).filter(([, v]) => v !== undefined);
      return Object.assign(find(path[1]), Object.fromEntries(set));
    });
    on("POST", "chats/:/try", ({ path }) => void (find(path[1]).sentAt = new Date().toISOString()));
    on("DELETE", "chats/:", ({ path }) => void this.chats.splice(this.chats.indexOf(find(path[1])), 1));
  }
}
