import { useNavigate } from "@tanstack/react-router";
import {
  Archive,
  AtSign,
  Bell,
  BellRing,
  BookMarked,
  Building2,
  ChartSpline,
  ContactRound,
  Handshake,
  Inbox,
  KeyRound,
  LibraryBig,
  LayoutDashboard,
  Lightbulb,
  ListChecks,
  Mail,
  MessageCircleQuestionMark,
  MessageSquareText,
  MessagesSquare,
  type LucideIcon,
  ListFilter,
  PenLine,
  Search,
  Send,
  Settings,
  Signpost,
  UserRound,
  Users,
  UsersRound,
  Waypoints,
} from "lucide-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { departmentsQuery, viewsQuery } from "@/api/queries";
import { useMe } from "@/api/session";
import type { Department, Me, SavedView, View } from "@/api/types";
import type { Deed } from "@/lib/actions";
import { say, type Word } from "@/lib/words";
import { savedSearch } from "./address";

/** A place of the navigation, with the right it takes to be shown. */
interface Place {
  to:
    | "/search"
    | "/board"
    | "/posts"
    | "/promises"
    | "/outgoing"
    | "/answers"
    | "/saved-replies"
    | "/accounts"
    | "/departments"
    | "/map"
    | "/rules"
    | "/topics"
    | "/people"
    | "/contacts"
    | "/scoreboard"
    | "/settings"
    | "/settings/keys"
    | "/settings/language-model"
    | "/settings/mail"
    | "/settings/chat";
  name: Word;
  icon: LucideIcon;
  key: string;
  /** One of these rights; absent: everybody. */
  needs?: string[];
  /** And all of these. */
  andAll?: string[];
}

/** Whose work it is, has lists of their own; who only looks, has the company's; who is outside, has none. */
const works = ["answer", "people.see"];
const looks = ["people.see"];

export const views: { view: View; icon: LucideIcon; key: string; andAll: string[] }[] = [
  { view: "mine", icon: UserRound, key: "g m", andAll: works },
  { view: "department", icon: UsersRound, key: "g d", andAll: works },
  { view: "unowned", icon: Waypoints, key: "g u", andAll: looks },
  { view: "all", icon: Inbox, key: "g a", andAll: looks },
  { view: "asked", icon: MessageCircleQuestionMark, key: "g q", andAll: works },
  { view: "promised", icon: Handshake, key: "g y", andAll: works },
  { view: "aside", icon: Archive, key: "g x", andAll: looks },
];

/** The views that somebody with these rights has. */
export function viewsOf(can: string[]) {
  return views.filter((v) => mayGo(v, can));
}

/** Where the day of somebody begins: with their own work, with what nobody has, with the board; outside, with a word of welcome. */
export function homeOf({ role, can }: Pick<Me, "role" | "can">): View | "board" | "outside" {
  if (!can.includes("people.see")) {
    return "outside";
  }
  if (!can.includes("answer")) {
    return "board";
  }
  return role === "operator" ? "unowned" : "mine";
}

export const places: Place[] = [
  { to: "/search", name: "nav.search", icon: Search, key: "g f", needs: looks },
  { to: "/board", name: "nav.board", icon: LayoutDashboard, key: "g v", needs: looks },
  { to: "/posts", name: "nav.posts", icon: PenLine, key: "g n", andAll: works },
  { to: "/promises", name: "nav.promises", icon: Handshake, key: "g P", needs: looks },
  { to: "/outgoing", name: "nav.outgoing", icon: Send, key: "g o", needs: looks },
  { to: "/answers", name: "nav.answers", icon: LibraryBig, key: "g e", needs: looks },
  { to: "/saved-replies", name: "nav.saved", icon: MessageSquareText, key: "g S", andAll: works },
  { to: "/accounts", name: "nav.accounts", icon: AtSign, key: "g c", needs: looks },
  { to: "/departments", name: "nav.departments", icon: Building2, key: "g t", needs: looks },
  { to: "/map", name: "nav.map", icon: Signpost, key: "g r", needs: ["see.all"] },
  { to: "/rules", name: "nav.rules", icon: ListChecks, key: "g l", needs: ["see.all"] },
  { to: "/topics", name: "nav.topics", icon: BookMarked, key: "g w", needs: looks },
  { to: "/contacts", name: "nav.contacts", icon: ContactRound, key: "g C", needs: looks },
  { to: "/people", name: "nav.people", icon: Users, key: "g p", needs: looks },
  { to: "/scoreboard", name: "nav.scoreboard", icon: ChartSpline, key: "g b", needs: ["scores.see"] },
  { to: "/settings", name: "nav.settings", icon: Settings, key: "g s", needs: ["settings"] },
  { to: "/settings/keys", name: "nav.keys", icon: KeyRound, key: "g k", needs: ["keys", "settings"] },
  { to: "/settings/language-model", name: "nav.advice", icon: Lightbulb, key: "g h", needs: ["settings"] },
  { to: "/settings/mail", name: "nav.mail", icon: Mail, key: "g M", needs: ["settings"] },
  { to: "/settings/chat", name: "nav.chats", icon: MessagesSquare, key: "g H", needs: ["departments.manage"] },
];

/** What everybody has for themselves; the navigation shows them elsewhere. */
export const own = [
  { id: "go-notifications", to: "/notifications", name: "nav.notifications", icon: Bell, key: "g j" },
  { id: "go-notify", to: "/me/notifications", name: "bell.settings", icon: BellRing, key: "g J" },
  { id: "go-me", to: "/me", name: "nav.me", icon: UserRound, key: "g i" },
] as const;

export function mayGo(place: Pick<Place, "needs" | "andAll">, can: string[]): boolean {
  const some = !place.needs || place.needs.some((n) => can.includes(n));
  return some && (place.andAll ?? []).every((n) => can.includes(n));
}

const none: SavedView[] = [];
const nobody: Department[] = [];

/** Every place as a deed, for the palette and for "G then …". */
export function useGoDeeds(): Deed[] {
  const navigate = useNavigate();
  const { can } = useMe();
  const saved = useQuery({ ...viewsQuery, enabled: can.includes("people.see") }).data ?? none;
  const departments = useQuery({ ...departmentsQuery, enabled: can.includes("people.see") }).data ?? nobody;
  return useMemo(
    () => [
      ...saved.map((v, i): Deed => ({
        id: `go-view-${v.id}`, name: v.name, icon: ListFilter, key: i < 9 ? `g ${i + 1}` : undefined, group: "go",
        run: () => navigate({ to: "/inbox/$view/{-$conversation}", params: { view: v.filter.view }, search: savedSearch(v) }),
      })),
      ...viewsOf(can).map(({ view, icon, key }): Deed => ({
        id: `go-${view}`, name: say(`nav.${view}`), icon, key, group: "go",
        run: () => navigate({ to: "/inbox/$view/{-$conversation}", params: { view } }),
      })),
      ...places.filter((p) => mayGo(p, can)).map((p): Deed => ({
        id: `go-${p.to}`, name: say(p.name), icon: p.icon, key: p.key, group: "go", run: () => navigate({ to: p.to }),
      })),
      ...own.map(({ id, to, name, icon, key }): Deed => ({ id, name: say(name), icon, key, group: "go", run: () => navigate({ to }) })),
      // As many as there are, all of them the one list with a filter: by name only.
      ...departments.map((d): Deed => ({
        id: `go-${d.id}`, name: say("palette.department", { name: d.name }), icon: Building2, group: "go",
        run: () => navigate({ to: "/inbox/$view/{-$conversation}", params: { view: "all" }, search: { department: d.id } }),
      })),
    ],
    [navigate, can, saved, departments],
  ); // prettier-ignore
}
