import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useEffect } from "react";
import { useMe } from "@/api/session";
import { useFlush, type Written } from "@/lib/outbox";
import { startWorker } from "@/lib/worker";

/** Keeps what is read for when there is no connection, and sends what was written without one. */
export function useOffline(): void {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const me = useMe().id;
  useEffect(
    // Keeps the worker in step with the page that is open.
    () => startWorker(() => void queries.invalidateQueries(), (path) => void navigate({ to: path })),
    [queries, navigate],
  ); // prettier-ignore
  const sent = useCallback(
    (w: Written) => {
      void queries.invalidateQueries({ queryKey: ["conversation", w.conversation] });
      void queries.invalidateQueries({ queryKey: ["conversations"] });
      void queries.invalidateQueries({ queryKey: ["counts"] });
      void queries.invalidateQueries({ queryKey: ["my-requests"] });
    },
    [queries],
  );
  useFlush(me, sent);
}
