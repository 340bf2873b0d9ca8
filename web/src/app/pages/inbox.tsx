import { useNavigate, useParams, useRouter, useSearch } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { viewsQuery } from "@/api/queries";
import { useMe } from "@/api/session";
import type { ConversationFilter } from "@/api/types";
import { Inbox } from "@/features/desk/Inbox";
import type { Where } from "@/features/desk/where";
import { filterOf, searchOf } from "../address";
import { Incidents } from "../Incidents";

/** The inbox at its address: the view, the filters and the open conversation all stand in it. */
export function InboxPage() {
  const { view, conversation } = useParams({ from: "/inside/inbox/$view/{-$conversation}" });
  const search = useSearch({ from: "/inside/inbox/$view/{-$conversation}" });
  const navigate = useNavigate();
  const router = useRouter();
  const filter = useMemo(() => filterOf(view, search), [view, search]);

  const onFilter = useCallback(
    (change: Partial<ConversationFilter>) => {
      void navigate({
        to: "/inbox/$view/{-$conversation}",
        params: { view, conversation },
        search: { ...searchOf({ ...filter, ...change }), ...(search.list ? { list: search.list } : {}) },
        replace: true,
      });
    },
    [navigate, view, conversation, filter, search.list],
  );
  // The same for as long as the list is: every row stands on it, and none is drawn anew because another one was opened.
  const where = useMemo(
    (): Where => ({
      href: (id) =>
        router.buildLocation({ to: "/inbox/$view/{-$conversation}", params: { view, conversation: id }, search }).href,
      open: (id) =>
        void navigate({
          to: "/inbox/$view/{-$conversation}",
          params: { view, conversation: id },
          search,
          replace: router.state.location.pathname !== `/inbox/${view}`,
        }),
      at: () => router.history.location.pathname.split("/")[3],
      list: () =>
        void navigate({ to: "/inbox/$view/{-$conversation}", params: { view, conversation: undefined }, search }),
      thread: (account, thread) => void navigate({ to: "/threads", search: { account, thread } }),
    }),
    [router, navigate, view, search],
  );
  const { can } = useMe();
  const saved = useQuery({
    ...viewsQuery,
    enabled: search.list !== undefined && can.includes("people.see"),
  }).data?.find((v) => v.id === search.list);
  return (
    <Inbox
      filter={filter}
      onFilter={onFilter}
      conversation={conversation}
      where={where}
      saved={saved}
      before={<Incidents />}
    />
  );
}
