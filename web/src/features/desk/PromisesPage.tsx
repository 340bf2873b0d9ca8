import { Box, Button, Group, SegmentedControl } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMe } from "@/api/session";
import type { ListedPromise, PromiseFigures } from "@/api/types";
import { learn, say } from "@/lib/words";
import { Async } from "@/ui/Async";
import { Page } from "@/ui/Page";
import { Tile, Tiles } from "@/ui/Tiles";
import { Ending, PromiseHead } from "./Promises";
import { promiseDays, promiseFiguresQuery, type PromiseFilter, promisesQuery, promiseStates } from "./promise";
import owed from "./Owed.module.css";
import styles from "./Promises.module.css";
import { promiseWords } from "@/lib/words/promise";

learn({ ...promiseWords });

interface Props {
  filter: PromiseFilter;
  onFilter: (filter: PromiseFilter) => void;
}

/** Promises: mine, my department's, the company's; each figure opens those behind it. */
export function PromisesPage({ filter, onFilter }: Props) {
  const me = useMe();
  const all = { whose: "mine", state: "open", days: 90, ...filter } satisfies Required<PromiseFilter>;
  const whoses = (["mine", "department", "company"] as const).filter(
    (w) => w !== "company" || me.can.includes("see.all"),
  );
  const figures = useQuery(promiseFiguresQuery(all.whose, all.days));
  const query = useInfiniteQuery(promisesQuery(all));
  const list = { ...query, data: query.data?.pages.flatMap((p) => p.items) };
  return (
    <Page title={say("promises.title")} summary={say("promises.summary")}>
      <Group mb="md" gap="sm">
        <SegmentedControl
          aria-label={say("promises.whose")}
          value={all.whose}
          onChange={(whose) => onFilter({ ...filter, whose })}
          data={whoses.map((w) => ({ value: w, label: say(`promises.${w}`) }))}
        />
        <SegmentedControl
          aria-label={say("promises.days")}
          value={String(all.days)}
          onChange={(days) => onFilter({ ...filter, days: Number(days) })}
          data={promiseDays.map((n) => ({ value: String(n), label: say("promises.days.n", { n }) }))}
        />
      </Group>
      <Box mb="md">{figures.data && <Figures figures={figures.data} filter={all} />}</Box>
      <Async of={list} empty={say(`promises.empty.${all.state}`)}>
        {(promises) => (
          <ul className={owed["list"]} aria-label={say(`promises.${all.state}`)}>
            {promises.map((p) => (
              <li key={p.id} className={owed["one"]} data-late={(p.state === "open" && p.late) || undefined}>
                <Line promise={p} />
              </li>
            ))}
          </ul>
        )}
      </Async>
      {query.hasNextPage && (
        <Button mt="md" variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {say("promises.more")}
        </Button>
      )}
    </Page>
  );
}

/** The kept rate with its numbers, and the figures it is made of. */
function Figures({ figures: f, filter }: { figures: PromiseFigures; filter: Required<PromiseFilter> }) {
  const rate = f.due ? `${Math.round((100 * f.kept) / f.due)} %` : "–";
  return (
    <Tiles small>
      <Tile
        to="/promises"
        search={{ ...filter, state: "kept" }}
        name={say("promises.rate")}
        value={rate}
        more={f.due ? say("promises.rate.more", { kept: f.kept, due: f.due }) : say("promises.rate.none")}
      />
      {promiseStates.map((state) => (
        <Tile
          key={state}
          to="/promises"
          search={{ ...filter, state }}
          data-active={state === filter.state || undefined}
          data-late={(state === "late" && f.late > 0) || undefined}
          aria-current={state === filter.state ? "true" : undefined}
          name={say(`promises.${state}`)}
          value={f[state]}
          more={
            state === "open" || state === "late"
              ? say(`promises.${state}.more`)
              : say("promises.ended.more", { n: filter.days })
          }
        />
      ))}
    </Tiles>
  );
}

function Line({ promise: p }: { promise: ListedPromise }) {
  return (
    <>
      <PromiseHead promise={p} />
      <p className={styles["text"]}>
        {p.conversation ? (
          <Link to="/inbox/$view/{-$conversation}" params={{ view: "all", conversation: p.conversation.id }}>
            <bdi className={styles["contact"]}>{p.conversation.contact.name || p.conversation.contact.handle}</bdi>
          </Link>
        ) : (
          <span className={styles["dim"]}>{say("promises.gone")}</span>
        )}{" "}
        <bdi>{p.text}</bdi>
      </p>
      <Ending promise={{ ...p, proof: "" }} />
    </>
  );
}
