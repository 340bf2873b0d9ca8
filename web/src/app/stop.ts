import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { answer, api } from "@/api/client";
import type { Session } from "@/api/types";
import { say } from "@/lib/words";
import { complain, tell } from "@/ui/toast";

/** The stop button for everything. It acts at once, and its undo is to resume. */
export function useStop(): { stop: () => void; resume: () => void } {
  const queries = useQueryClient();
  return useMemo(() => {
    async function set(stopped: boolean) {
      queries.setQueryData<Session>(["session"], (old) => old && { ...old, stopped });
      try {
        const now = await answer(stopped ? api.POST("/api/stop") : api.POST("/api/resume"));
        tell(
          stopped ? say("app.stop.done", { n: now.held }) : say("app.resume.done"),
          stopped ? { undo: () => set(false), undoName: say("app.resume") } : {},
        );
      } catch (error) {
        complain(error);
      }
      void queries.invalidateQueries({ queryKey: ["session"] });
      void queries.invalidateQueries({ queryKey: ["accounts"] });
    }
    return { stop: () => void set(true), resume: () => void set(false) };
  }, [queries]);
}
