import { BellRing, CheckCheck } from "lucide-react";
import type { Action } from "@/lib/actions";
import { say } from "@/lib/words";

/** What the page of notifications is about. */
interface Shown {
  unread: number;
  newest: string | undefined;
}

export interface ListDeeds {
  readAll: (newest: string | undefined) => unknown;
  settings: () => unknown;
}

/** What can be done on the page of notifications. */
export const listActions: readonly Action<Shown, ListDeeds>[] = [
  {
    id: "notifications-read",
    name: () => say("bell.readAll"),
    key: "U",
    icon: CheckCheck,
    can: (on) => on.unread > 0,
    run: (on, d) => d.readAll(on.newest),
  },
  {
    id: "notifications-settings",
    name: () => say("bell.settings"),
    key: "s",
    icon: BellRing,
    can: () => true,
    run: (_, d) => d.settings(),
  },
];
