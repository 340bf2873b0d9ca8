import { Anchor } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { PhoneCall } from "lucide-react";
import { lazy, Suspense, useEffect, useMemo, useRef } from "react";
import { conversationQuery } from "@/api/queries";
import { type ConversationFilter, narrowing, type Row, type SavedView } from "@/api/types";
import { type Deed, useActions } from "@/lib/actions";
import { aMoment } from "@/lib/stays";
import { say } from "@/lib/words";
import { Empty, Waiting } from "@/ui/Async";
import { useSplit } from "@/ui/Frame";
import { useDeeds } from "./deeds";
import { DeskProvider } from "./DeskProvider";
import { InboxHead } from "./InboxHead";
import { InboxList, useRows } from "./InboxList";
import { useSelection } from "./selection";
import styles from "./Inbox.module.css";
import { type Where, WhereContext } from "./where";

// The list is there first; the conversation is read right after it, before anybody has chosen one.
const readPane = () => import("./ConversationPane");
const ConversationPane = lazy(() => readPane().then((m) => ({ default: m.ConversationPane })));
// Read when first wanted.
const FirstAccount = lazy(() => import("@/features/channel/Examples").then((m) => ({ default: m.FirstAccount })));
const MyQuestions = lazy(() => import("./MyQuestions").then((m) => ({ default: m.MyQuestions })));
const BulkBar = lazy(() => import("./BulkBar").then((m) => ({ default: m.BulkBar })));

interface Props {
  filter: ConversationFilter;
  onFilter: (change: Partial<ConversationFilter>) => void;
  /** The conversation that is open. */
  conversation?: string | undefined;
  where: Where;
  /** The saved list that is shown, if one is. */
  saved?: SavedView | undefined;
  /** What stands above the rows. */
  before?: React.ReactNode;
}

/** The inbox: the list, and beside it, where there is room, the conversation. */
export function Inbox({ filter, onFilter, conversation, where, saved, before }: Props) {
  const split = useSplit();
  const list = useRows(filter);
  const search = useRef<HTMLInputElement>(null);
  const moves = useMoves(list.rows, conversation, where, split);
  const deeds = useDeeds(moves);
  const selection = useSelection(list.rows);
  const listed = list.query.data !== undefined;
  useEffect(() => {
    // Reads the rest of the page while the list is looked at, once that is painted: it waits for nothing else.
    const timer = listed && setTimeout(() => void readPane(), aMoment);
    return () => clearTimeout(timer || undefined);
  }, [listed]);
  const { clear } = selection;
  const listKey = JSON.stringify({ ...filter, sort: undefined });
  useEffect(() => {
    // Another list: what was chosen in the one before is not meant.
    clear();
  }, [listKey, clear]);
  useNavigationKeys(list.rows, conversation, where, split, search, selection.toggle);
  usePrefetchNext(list.rows, conversation);

  const showList = split || !conversation;
  const showPane = split || conversation;
  return (
    <WhereContext value={where}>
      <DeskProvider deeds={deeds}>
        <div className={styles["inbox"]} data-single={!split || undefined}>
          {showList && (
            <section className={styles["list"]} aria-label={say(`nav.${filter.view}`)}>
              <InboxHead filter={filter} onFilter={onFilter} search={search} saved={saved} />
              <Suspense>{filter.view === "asked" && <MyQuestions />}</Suspense>
              <Suspense>{selection.ids.size > 0 && <BulkBar selection={selection} filter={filter} />}</Suspense>
              <InboxList
                list={list}
                selected={conversation}
                mixed={filter.state === "any"}
                selection={selection}
                before={before}
                empty={<Nothing filter={filter} onFilter={onFilter} />}
              />
            </section>
          )}
          {showPane && (
            <div className={styles["pane"]}>
              {conversation ? (
                <Suspense fallback={<Waiting rows={6} />}>
                  <ConversationPane key={conversation} id={conversation} />
                </Suspense>
              ) : (
                <Empty icon={<PhoneCall size={28} strokeWidth={1.3} />}>
                  {list.rows.length > 0 ? say("inbox.pick") : say("inbox.pick.none")}
                </Empty>
              )}
            </div>
          )}
        </div>
      </DeskProvider>
    </WhereContext>
  );
}

/** What to say when the list is empty: why, and what would be here. */
function Nothing({ filter, onFilter }: Pick<Props, "filter" | "onFilter">) {
  if (filter.q) {
    return <>{say("empty.searched", { q: filter.q })}</>;
  }
  if (narrowing.some((name) => filter[name])) {
    return (
      <>
        {say("empty.filtered")}{" "}
        <Anchor
          component="button"
          size="sm"
          onClick={() => onFilter(Object.fromEntries(narrowing.map((name) => [name, undefined])))}
        >
          {say("empty.filtered.clear")}
        </Anchor>
      </>
    );
  }
  return (
    <>
      {filter.state === "any" ||
      filter.state === "open" ||
      filter.view === "aside" ||
      filter.view === "asked" ||
      filter.view === "promised"
        ? say(`empty.${filter.view}`)
        : say(`empty.${filter.state}`)}
      {filter.view !== "aside" && (
        <Suspense>
          <FirstAccount />
        </Suspense>
      )}
    </>
  );
}

/** After a conversation has left the list the next one is shown; on a phone, the list. */
function useMoves(rows: Row[], open: string | undefined, where: Where, split: boolean) {
  const latest = useRef({ rows, open, where, split });
  useEffect(() => {
    // The deeds end later than they begin: they look at the list as it is then.
    latest.current = { rows, open, where, split };
  });
  return useMemo(
    () => ({
      left(id: string) {
        const now = latest.current;
        if (now.open !== id) {
          return;
        }
        const next = neighbour(now.rows, id, 1) ?? neighbour(now.rows, id, -1);
        if (now.split && next) {
          now.where.open(next.id);
        } else {
          now.where.list();
        }
      },
      back: (id: string) => latest.current.where.open(id),
    }),
    [],
  );
}

function neighbour(rows: Row[], id: string | undefined, step: 1 | -1): Row | undefined {
  const i = rows.findIndex((r) => r.id === id);
  return i < 0 ? rows[0] : rows[i + step];
}

function useNavigationKeys(
  rows: Row[],
  open: string | undefined,
  where: Where,
  split: boolean,
  search: React.RefObject<HTMLInputElement | null>,
  choose: ((id: string) => void) | undefined,
) {
  const known = useMemo((): Deed[] => {
    const move = (step: 1 | -1) => () => {
      if (split || open) {
        const from = where.at ? where.at() : open; // J is pressed faster than a conversation is drawn
        const next = from ? neighbour(rows, from, step) : rows[0];
        if (next) {
          where.open(next.id);
        }
      } else {
        focusRow(rows, step);
      }
    };
    return [
      { id: "next", name: say("help.next"), key: "j", repeats: true, run: move(1), hidden: true },
      { id: "previous", name: say("help.previous"), key: "k", repeats: true, run: move(-1), hidden: true },
      ...(choose
        ? [
            {
              id: "choose",
              name: say("bulk.key"),
              key: "x",
              run: () => {
                const id =
                  document.activeElement?.closest("[data-conversation]")?.getAttribute("data-conversation") ?? open;
                if (id) {
                  choose(id);
                }
              },
            },
          ]
        : []),
      { id: "search-list", name: say("help.search"), key: "/", run: () => search.current?.focus(), hidden: true },
      ...(open
        ? [{ id: "to-list", name: say("help.escape"), key: "Escape", run: () => where.list(), hidden: true }]
        : []),
    ];
  }, [rows, open, where, split, search, choose]);
  useActions(known);
}

/** Moves the focus along the rows where the list stands alone; Enter then opens by itself. */
function focusRow(rows: Row[], step: 1 | -1) {
  const at = document.activeElement?.getAttribute("data-conversation") ?? undefined;
  const next = at ? neighbour(rows, at, step) : rows[0];
  document.querySelector<HTMLElement>(`[data-conversation="${next?.id ?? ""}"]`)?.focus();
}

/** Reads the conversation below ahead of time, so that J shows it at once. */
function usePrefetchNext(rows: Row[], open: string | undefined) {
  const queries = useQueryClient();
  const next = neighbour(rows, open, 1)?.id;
  useEffect(() => {
    // Keeps one conversation ahead of the reader.
    if (next) {
      const timer = setTimeout(() => void queries.prefetchQuery(conversationQuery(next)), 300);
      return () => clearTimeout(timer);
    }
    return undefined;
  }, [queries, next]);
}
