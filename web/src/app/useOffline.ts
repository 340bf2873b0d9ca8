import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { useMe } from "@/api/session";
import { flush } from "@/lib/outbox";
import { startWorker } from "@/lib/worker";

/** How often what waits is tried again while the page is open, in milliseconds: a line may be back without a word. */
const again = 20_000;

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
  useEffect(() => {
    // Keeps what waits in step with the line.
    const send = () =>
      void flush(me, (w) => {
        void queries.invalidateQueries({ queryKey: ["conversation", w.conversation] });
        void queries.invalidateQueries({ queryKey: ["conversations"] });
        void queries.invalidateQueries({ queryKey: ["counts"] });
      });
    send();
    const timer = setInterval(send, again);
    window.addEventListener("online", send);
    return () => {
      clearInterval(timer);
      window.removeEventListener("online", send);
    };
  }, [queries, me]);
}
