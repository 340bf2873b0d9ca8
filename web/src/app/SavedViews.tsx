import { ActionIcon } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useRouterState } from "@tanstack/react-router";
import { SlidersHorizontal } from "lucide-react";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { countsQuery, viewCountsQuery, viewsQuery } from "@/api/queries";
import { say } from "@/lib/words";
import { savedSearch } from "./address";
import styles from "./Navigation.module.css";

const ArrangeViews = lazy(() => import("@/features/desk/SavedViews").then((m) => ({ default: m.ArrangeViews })));

/** So often, in milliseconds, the lists are counted at most, however much happens. */
const every = 4000;

/** The lists one keeps or that are shared, each with how much it holds. */
export function SavedViews() {
  const views = useQuery(viewsQuery).data ?? [];
  const counts = useQuery({ ...viewCountsQuery, enabled: views.length > 0 }).data;
  const [arranging, setArranging] = useState(false);
  const shown = useRouterState({ select: (s) => (s.location.search as { list?: string }).list });
  useCountedAgain(views.length > 0);
  if (views.length === 0) {
    return null;
  }
  return (
    <>
      <div
        className={styles["heading"]}
        style={{ display: "flex", alignItems: "center", justifyContent: "space-between" }}
      >
        {say("views.title")}
        <ActionIcon size={24} aria-label={say("views.manage")} onClick={() => setArranging(true)}>
          <SlidersHorizontal size={14} aria-hidden />
        </ActionIcon>
      </div>
      <ul className={styles["list"]} aria-label={say("views.title")}>
        {views.map((v) => {
          const n = counts?.[v.id];
          return (
            <li key={v.id}>
              <Link
                to="/inbox/$view/{-$conversation}"
                params={{ view: v.filter.view, conversation: undefined }}
                search={savedSearch(v)}
                className={styles["item"]}
                data-active={shown === v.id || undefined}
                aria-current={shown === v.id ? "page" : undefined}
                activeProps={{}}
              >
                <span className={styles["bullet"]} aria-hidden />
                <bdi className={styles["label"]}>{v.name}</bdi>
                {n && (n.n > 0 || !n.exact) ? (
                  <span className={styles["count"]} title={n.exact ? undefined : say("views.more", { n: n.n })}>
                    {n.exact ? n.n : `${n.n}+`}
                  </span>
                ) : null}
              </Link>
            </li>
          );
        })}
      </ul>
      <Suspense>{arranging && <ArrangeViews onClose={() => setArranging(false)} />}</Suspense>
    </>
  );
}

/** Has the lists counted again when the counters of the views move, but not all the time. */
function useCountedAgain(on: boolean) {
  const queries = useQueryClient();
  const moved = useQuery(countsQuery).dataUpdatedAt;
  const last = useRef(0);
  useEffect(() => {
    // Keeps the counts of the lists in step with what happens.
    if (!on) {
      return undefined;
    }
    const wait = Math.max(0, last.current + every - Date.now());
    const timer = setTimeout(() => {
      last.current = Date.now();
      void queries.invalidateQueries({ queryKey: viewCountsQuery.queryKey });
    }, wait);
    return () => clearTimeout(timer);
  }, [moved, on, queries]);
}
