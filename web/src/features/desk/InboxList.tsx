import { Loader } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { conversationsQuery } from "@/api/queries";
import type { ConversationFilter, Row } from "@/api/types";
import { say } from "@/lib/words";
import { Empty, Failed, Waiting } from "@/ui/Async";
import { InboxRow } from "./InboxRow";
import styles from "./Inbox.module.css";

const rowHeight = 88;

/** The rows of a list as far as they are loaded, and the way to more. */
export function useRows(filter: ConversationFilter) {
  const query = useInfiniteQuery(conversationsQuery(filter));
  const rows: Row[] = query.data?.pages.flatMap((p) => p.items) ?? [];
  return { query, rows };
}

interface Props {
  list: ReturnType<typeof useRows>;
  selected?: string | undefined;
  /** The rows are in different states, and each says in which. */
  mixed: boolean;
  empty: ReactNode;
}

/** The list itself: only what can be seen is in the page, more is loaded as one comes near the end. */
export function InboxList({ list: { query, rows }, selected, mixed, empty }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 6,
    getItemKey: (i) => rows[i]?.id ?? i,
  });
  const items = virtual.getVirtualItems();
  const lastShown = items[items.length - 1]?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;

  useEffect(() => {
    // Keeps the loaded rows ahead of the scrolling.
    if (hasNextPage && !isFetchingNextPage && lastShown >= rows.length - 12) {
      void fetchNextPage();
    }
  }, [lastShown, rows.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  const index = rows.findIndex((r) => r.id === selected);
  useEffect(() => {
    // Keeps the open conversation's row in sight when it is reached by keyboard.
    if (index >= 0) {
      virtual.scrollToIndex(index, { align: "auto" });
    }
  }, [index, virtual]);

  if (query.data === undefined) {
    return query.isPending ? <Waiting rows={8} /> : <Failed error={query.error} again={() => query.refetch()} />;
  }
  if (rows.length === 0) {
    return <Empty>{empty}</Empty>;
  }
  return (
    <div ref={box} className={styles["scroll"]} data-stale={query.isPlaceholderData || undefined} tabIndex={-1}>
      <ul className={styles["rows"]} style={{ height: virtual.getTotalSize() }} aria-label={say("inbox.list")}>
        {items.map((item) => {
          const row = rows[item.index];
          return (
            row && (
              <li
                key={item.key}
                className={styles["item"]}
                style={{ transform: `translateY(${item.start}px)`, height: rowHeight }}
                aria-setsize={hasNextPage ? -1 : rows.length}
                aria-posinset={item.index + 1}
              >
                <InboxRow row={row} selected={row.id === selected} mixed={mixed} />
              </li>
            )
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
