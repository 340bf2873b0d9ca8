import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client";

/** How many I have not read. The live feed says when that changes; now and then it is asked all the same. */
export const unreadQuery = queryOptions({
  queryKey: ["notifications", "count"],
  queryFn: () => answer(api.GET("/api/notifications/count")),
  refetchInterval: 120_000,
});

/** What I was told of, the newest first. */
export const notificationsQuery = (unread: boolean) =>
  infiniteQueryOptions({
    queryKey: ["notifications", "list", unread],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET("/api/notifications", {
          params: { query: { ...(unread ? { unread } : {}), ...(pageParam ? { from: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next || undefined,
  });

export const notificationSettingsQuery = queryOptions({
  queryKey: ["notifications", "settings"],
  queryFn: () => answer(api.GET("/api/notifications/settings")),
});

export const chatsQuery = queryOptions({
  queryKey: ["chats"],
  queryFn: () => answer(api.GET("/api/chats")),
});
