import { Group, SegmentedControl } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { deeds as deedsOf, useActions } from "@/lib/actions";
import { say } from "@/lib/words";
import { ActionButton, DeedButton } from "@/ui/ActionButton";
import { Async } from "@/ui/Async";
import { Page } from "@/ui/Page";
import { listActions } from "./actions";
import { NotificationList } from "./NotificationList";
import { notificationsQuery } from "./queries";
import { useNotifications } from "./useNotifications";

/** Everything I was told of. */
export function NotificationsPage() {
  const [unread, setUnread] = useState(false);
  const query = useInfiniteQuery(notificationsQuery(unread));
  const deeds = useNotifications();
  const navigate = useNavigate();
  const items = query.data?.pages.flatMap((p) => p.items);
  const count = query.data?.pages[0]?.unread ?? 0;
  const newest = items?.[0]?.at;
  const known = useMemo(
    () =>
      deedsOf(
        listActions,
        { unread: count, newest },
        { readAll: deeds.readAll, settings: () => navigate({ to: "/me/notifications" }) },
      ),
    [count, newest, deeds, navigate],
  );
  useActions(known);
  return (
    <Page
      narrow
      title={say("bell.title")}
      deeds={known.map((d) => (
        <ActionButton key={d.id} deed={d} size="xs" />
      ))}
    >
      <SegmentedControl
        mb="sm"
        aria-label={say("bell.show")}
        value={unread ? "unread" : "all"}
        onChange={(v) => setUnread(v === "unread")}
        data={[
          { value: "all", label: say("bell.everything") },
          { value: "unread", label: say("bell.unread") },
        ]}
      />
      <Async of={{ ...query, data: items }} empty={say(unread ? "bell.emptyUnread" : "bell.empty")}>
        {(list) => <NotificationList items={list} deeds={deeds} />}
      </Async>
      {query.hasNextPage && (
        <Group justify="center" mt="md">
          <DeedButton
            deed="more"
            hotkey="m"
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {say("bell.more")}
          </DeedButton>
        </Group>
      )}
    </Page>
  );
}
