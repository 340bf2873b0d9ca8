import { type InfiniteData, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { answer, api } from "@/api/client";
import type { Notification, Notifications } from "@/api/types";
import { say } from "@/lib/words";
import { complain, tell } from "@/ui/toast";

/** What can be done with notifications; each shows at once. */
export interface NotificationDeeds {
  /** Leads to what it is about; that is reading it. */
  open: (n: Notification) => void;
  read: (n: Notification) => Promise<void>;
  /** Everything up to the newest that was on the screen. */
  readAll: (newest: string | undefined) => Promise<void>;
}

export function useNotifications(): NotificationDeeds {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMemo(() => {
    const mark = (is: (n: Notification) => boolean) =>
      queries.setQueriesData<InfiniteData<Notifications>>({ queryKey: ["notifications", "list"] }, (old) =>
        old && {
          ...old,
          pages: old.pages.map((p) => ({ ...p, items: p.items.map((n) => (is(n) ? { ...n, read: true } : n)) })),
        },
      ); // prettier-ignore
    async function tellServer(body: { ids?: string[]; until?: string }) {
      try {
        await answer(api.POST("/api/notifications/read", { body }));
      } catch (error) {
        complain(error);
      }
      await queries.invalidateQueries({ queryKey: ["notifications"] });
    }
    const read = async (n: Notification) => {
      if (!n.read) {
        mark((x) => x.id === n.id);
        await tellServer({ ids: [n.id] });
      }
    };
    return {
      read,
      open: (n) => {
        void read(n);
        void navigate({ to: n.path });
      },
      readAll: async (newest) => {
        mark(() => true);
        await tellServer({ until: newest ?? new Date().toISOString() });
        tell(say("bell.readAll.done"));
      },
    };
  }, [queries, navigate]);
}
