import type { SavedDeed } from "@/api/types";
import { say } from "@/lib/words";

/** What a saved reply can do beside its words. */
export const kinds: SavedDeed["do"][] = ["tag", "note", "snooze", "close", "handover"];

/** A deed in words. */
export function deedTitle(d: SavedDeed): string {
  switch (d.do) {
    case "tag":
      return say("macro.tag", { tags: (d.tags ?? []).join(", ") });
    case "handover":
      return say("macro.handover", { name: d.person?.name ?? d.department?.name ?? "" });
    case "snooze":
      return say("macro.snooze", { n: d.hours ?? 0 });
    default:
      return say(`macro.${d.do}`);
  }
}
