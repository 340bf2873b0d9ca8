import { Button, Loader, Skeleton } from "@mantine/core";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { answer, api } from "@/api/client";
import { conversationsQuery, pageSize } from "@/api/queries";
import type { ConversationFilter, Row } from "@/api/types";
import { useNow } from "@/lib/now";
import { brief } from "@/lib/time";
import { say } from "@/lib/words";
import { useZone } from "@/ui/Zone";
import { Empty, Failed, Waiting } from "@/ui/Async";
import { InboxRow } from "./InboxRow";
import type { Selection } from "./selection";
import styles from "./Inbox.module.css";

const rowHeight = 88;

/** So many pages are held at a time: what is far above or below is read again when one comes back to it. */
const mostPages = 8;

/** Where a page begins: after which place, how many rows stand before it, and the page before. */
interface Start {
  offset: number;
  before: string | undefined;
}

/**
 * The rows of a list as far as they are held, and the way to more, above and below. However far one scrolls, only some pages
 * are held; of the others it is known where they begin.
 */
export function useRows(filter: ConversationFilter) {
  const queries = useQueryClient();
  const key = JSON.stringify(filter);
  const starts = useMemo(
    () => ({ key, of: new Map<string, Start>([["", { offset: 0, before: undefined }]]) }),
    [key],
  ).of;
  const options = conversationsQuery(filter);
  const query = useInfiniteQuery({
    ...options,
    maxPages: mostPages,
    getPreviousPageParam: (_first, _all, param) => starts.get(param)?.before,
  });
  const { data } = query;
  const rows = useMemo((): Row[] => data?.pages.flatMap((p) => folded(p.items)) ?? [], [data]);
  if (data && !query.isPlaceholderData) {
    data.pages.forEach((page, i) => {
      const param = data.pageParams[i] as string;
      const start = starts.get(param);
      if (page.next && start) {
        starts.set(page.next, { offset: start.offset + folded(page.items).length, before: param });
      }
    });
  }
  const offset = starts.get((data?.pageParams[0] as string | undefined) ?? "")?.offset ?? 0;
  const last = data?.pages[data.pages.length - 1];

  /** Holds the page in which a row stands that is far from those that are held. */
  const jump = useCallback(
    async (index: number) => {
      let best = "";
      for (const [param, start] of starts) {
        if (start.offset <= index && start.offset >= (starts.get(best)?.offset ?? 0)) {
          best = param;
        }
      }
      const page = await answer(
        api.GET("/api/conversations", {
          params: { query: { ...filter, limit: pageSize, ...(best ? { after: best } : {}) } },
        }),
      );
      queries.setQueryData(options.queryKey, { pages: [page], pageParams: [best] });
    },
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the key says when the filter changes
    [key, queries, starts],
  );
  const held = useMemo(() => ({ rows, offset }), [rows, offset]);
  return { query, rows, offset, held, until: last?.until, jump };
}

/** So many of one page under one post are shown as one row. */
const crowd = 3;

/** The rows of a page: where several people write under one post, the newest of them stands for all. */
function folded(items: Row[]): Row[] {
  const under = (r: Row) => (r.under && !r.private && r.thread ? `${r.account.id} ${r.thread}` : "");
  const many = new Map<string, number>();
  items.forEach((r) => many.set(under(r), (many.get(under(r)) ?? 0) + 1));
  const had = new Set<string>();
  return items.filter((r) => {
    const key = under(r);
    if (!key || (many.get(key) ?? 0) < crowd) {
      return true;
    }
    return had.has(key) ? false : had.add(key);
  });
}

interface Props {
  list: ReturnType<typeof useRows>;
  selected?: string | undefined;
  /** The rows are in different states, and each says in which. */
  mixed: boolean;
  empty: ReactNode;
  selection?: Selection | undefined;
  /** Above the first row, and going with it. */
  before?: ReactNode;
}

/** So many pages are looked through by themselves for what a filter fits seldom; then one is asked. */
const patience = 10;

/** The list itself: only what can be seen is in the page, more is loaded as one comes near the end. */
export function InboxList({ list, selected, mixed, empty, selection, before }: Props) {
  const { query } = list;
  // In a storm whole screens of rows change: they are drawn when nothing else is to be done, so that typing does not wait. The
  // first ones are drawn at once.
  // What is asked for next goes by what is there, not by what is drawn so far: it would be asked for twice.
  const later = useDeferredValue(list.held);
  const { rows, offset } = later.rows.length > 0 && list.rows.length > 0 ? later : list.held;
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: offset + rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 6,
    getItemKey: (i) => rows[i - offset]?.id ?? i,
  });
  const items = virtual.getVirtualItems();
  const lastShown = items[items.length - 1]?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;

  const firstShown = items[0]?.index ?? 0;
  const { hasPreviousPage, isFetchingPreviousPage, fetchPreviousPage, isFetching } = query;
  const looked = query.data?.pages.length ?? 0;
  const asks = list.until !== undefined && list.rows.length < patience && looked >= patience;
  const ahead = list.offset + list.rows.length;

  useEffect(() => {
    // Keeps the loaded rows ahead of the scrolling, below …
    if (hasNextPage && !isFetching && !asks && lastShown >= ahead - 12) {
      void fetchNextPage();
    }
  }, [lastShown, ahead, hasNextPage, isFetching, asks, fetchNextPage]);
  const { jump } = list;
  useEffect(() => {
    // … and above.
    if (offset > 0 && hasPreviousPage && !isFetchingPreviousPage && firstShown < offset + 6 && items.length > 0) {
      if (firstShown < offset - 2 * pageSize) {
        void jump(firstShown);
      } else {
        void fetchPreviousPage();
      }
    }
  }, [firstShown, offset, items.length, hasPreviousPage, isFetchingPreviousPage, fetchPreviousPage, jump]);

  const index = rows.findIndex((r) => r.id === selected);
  useEffect(() => {
    // Keeps the open conversation's row in sight when it is reached by keyboard.
    if (index >= 0) {
      virtual.scrollToIndex(offset + index, { align: "auto" });
    }
    // The list itself may move under it without being scrolled.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [selected, index >= 0, virtual]);

  if (query.data === undefined) {
    return query.isPending ? <Waiting rows={8} /> : <Failed error={query.error} again={() => query.refetch()} />;
  }
  if (rows.length === 0 && offset === 0 && hasNextPage) {
    return <Further until={list.until} busy={!asks} onMore={() => void fetchNextPage()} />;
  }
  if (rows.length === 0 && offset === 0) {
    return (
      <>
        {before}
        <Empty>{empty}</Empty>
      </>
    );
  }
  return (
    <div ref={box} className={styles["scroll"]} data-stale={query.isPlaceholderData || undefined} tabIndex={-1}>
      {before}
      <ul className={styles["rows"]} style={{ height: virtual.getTotalSize() }} aria-label={say("inbox.list")}>
        {items.map((item) => {
          const row = rows[item.index - offset];
          return row ? (
            <li
              key={item.key}
              className={styles["item"]}
              style={{ transform: `translateY(${item.start}px)`, height: rowHeight }}
              aria-setsize={hasNextPage ? -1 : offset + rows.length}
              aria-posinset={item.index + 1}
            >
              <InboxRow
                row={row}
                selected={row.id === selected}
                mixed={mixed}
                chosen={selection?.ids.has(row.id) ?? false}
                choosing={(selection?.ids.size ?? 0) > 0}
                onChoose={selection?.toggle}
              />
            </li>
          ) : (
            <li
              key={item.key}
              className={styles["item"]}
              style={{ transform: `translateY(${item.start}px)`, height: rowHeight, padding: 16 }}
              aria-hidden
            >
              <Skeleton height={36} radius="md" />
            </li>
          );
        })}
      </ul>
      <Arrivals rows={rows} />
      {isFetchingNextPage && (
        <div className={styles["more"]} role="status" aria-label={say("list.loadingMore")}>
          <Loader size="xs" />
        </div>
      )}
    </div>
  );
}

/** A filter that fits little: how far was looked so far, and the way on. */
function Further({ until, busy, onMore }: { until: string | undefined; busy: boolean; onMore: () => void }) {
  const now = useNow();
  const zone = useZone();
  return (
    <Empty
      deed={
        <Button variant="default" loading={busy} onClick={onMore}>
          {say(busy ? "inbox.looking" : "inbox.until.more")}
        </Button>
      }
    >
      {until ? say("inbox.until", { when: brief(until, now, zone) }) : say("inbox.looking")}
    </Empty>
  );
}

/** Says, to those who listen rather than look, who has just written. */
function Arrivals({ rows }: { rows: Row[] }) {
  const newest = rows.reduce<Row | undefined>(
    (best, r) => (r.unread && (!best || r.lastAt > best.lastAt) ? r : best),
    undefined,
  );
  const seen = useRef(newest?.lastAt ?? "");
  const [said, setSaid] = useState("");
  useEffect(() => {
    // Keeps the announcement in step with what arrives; what was there from the beginning is not news.
    if (newest && newest.lastAt > seen.current) {
      seen.current = newest.lastAt;
      setSaid(say("inbox.arrived", { who: newest.contact.name }));
    }
  }, [newest]);
  return (
    <div className="sr" role="status" aria-live="polite">
      {said}
    </div>
  );
}
