import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { answer, api } from "@/api/client";
import type { Conversation, SavedDeed } from "@/api/types";
import { say } from "@/lib/words";
import { complain, tell } from "@/ui/toast";
import { useDesk } from "./DeskProvider";
import { deedName, needed } from "./pieces";

/**
 * Does what a saved reply does beside its words, one after the other, each with its own way back. What somebody may not do
 * here is left out, and said.
 */
export function useMacro(c: Conversation): (deeds: SavedDeed[]) => Promise<void> {
  const desk = useDesk();
  const queries = useQueryClient();
  return useCallback(
    async (list) => {
      for (const d of ordered(list)) {
        if (!c.can.includes(needed[d.do])) {
          tell(say("macro.refused", { deed: deedName(d) }));
          continue;
        }
        switch (d.do) {
          case "tag":
            await desk.deeds.tag(c, [...new Set([...c.tags, ...(d.tags ?? [])])]);
            break;
          case "note":
            await note(c.id, d.text ?? "").catch(complain);
            void queries.invalidateQueries({ queryKey: ["conversation", c.id] });
            break;
          case "snooze":
            await desk.deeds.snooze(c, new Date(Date.now() + (d.hours ?? 1) * 3600_000).toISOString());
            break;
          case "close":
            await desk.deeds.close(c);
            break;
          case "handover":
            if (d.department) {
              await desk.deeds.handover(
                c,
                d.person ? { department: d.department, person: d.person } : { department: d.department },
                say("macro.reason"),
              );
            }
        }
      }
    },
    [c, desk, queries],
  );
}

/** What moves the conversation away comes last. */
function ordered(list: SavedDeed[]): SavedDeed[] {
  const order = ["tag", "note", "snooze", "close", "handover"];
  return [...list].sort((a, b) => order.indexOf(a.do) - order.indexOf(b.do));
}

async function note(id: string, text: string): Promise<void> {
  await answer(api.POST("/api/conversations/{id}/notes", { params: { path: { id } }, body: { text } }));
  tell(say("macro.noted"));
}
