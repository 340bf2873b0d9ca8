import { useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { useMe } from "@/api/session";
import type { Session } from "@/api/types";
import type { Habits } from "@/api/writing";
import { complain } from "@/ui/toast";

/** How whoever is signed in likes their answers to leave, on every device; and how to change that. */
export function useHabits(): [Habits, (habits: Habits) => void] {
  const { habits } = useMe();
  const queries = useQueryClient();
  function set(next: Habits) {
    queries.setQueryData<Session>(
      ["session"],
      (old) => old && { ...old, ...(old.person ? { person: { ...old.person, habits: next } } : {}) },
    );
    answer(api.PUT("/api/session/habits", { body: next })).catch((error: unknown) => {
      complain(error);
      void queries.invalidateQueries({ queryKey: ["session"] });
    });
  }
  return [habits, set];
}
