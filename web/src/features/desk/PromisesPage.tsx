import { Box, Group, SegmentedControl, Select } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { departmentsQuery, peopleQuery } from "@/api/queries";
import { useMe } from "@/api/session";
import type { ListedPromise, PromiseFigures } from "@/api/types";
import { learn, say } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { Async } from "@/ui/Async";
import { Page } from "@/ui/Page";
import { Tile, Tiles } from "@/ui/Tiles";
import { Ending, PromiseHead } from "./Promises";
import {
  promiseDays,
  promiseFiguresQuery,
  type PromiseFilter,
  promisesQuery,
  promiseStates,
  readPromiseFilter,
  type WholePromiseFilter,
} from "./promise";
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
  const all = { whose: "mine", state: "open", days: 90, ...filter } satisfies WholePromiseFilter;
  const one = filter.person ?? filter.department;
  const asked = one ? { ...all, whose: "department" as const } : all;
  const whoses = (["mine", "department", "company"] as const).filter(
    (w) => w !== "company" || me.can.includes("see.all"),
  );
  const figures = useQuery(promiseFiguresQuery(asked));
  const query = useInfiniteQuery(promisesQuery(asked));
  const list = { ...query, data: query.data?.pages.flatMap((p) => p.items) };
  return (
    <Page title={say("promises.title")} summary={say("promises.summary")}>
      <Group mb="md" gap="sm">
        <SegmentedControl
          aria-label={say("promises.whose")}
          value={one ? "" : all.whose}
          onChange={(whose) => onFilter({ ...whomever(filter), ...readPromiseFilter({ whose }) })}
          data={whoses.map((w) => ({ value: String(w), label: say(`promises.${w}`) }))}
        />
        <OneOf filter={filter} onFilter={onFilter} />
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
        <DeedButton
          deed="more"
          hotkey="m"
          mt="md"
          variant="default"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {say("promises.more")}
        </DeedButton>
      )}
    </Page>
  );
}

const whomever = ({ state, days }: PromiseFilter): PromiseFilter => ({
  ...(state ? { state } : {}),
  ...(days ? { days } : {}),
});

/** One department's promises or one person's: anybody's for who sees all, one's own departments' for the others. */
function OneOf({ filter, onFilter }: Props) {
  const me = useMe();
  const all = me.can.includes("see.all");
  const departments = useQuery(departmentsQuery).data ?? [];
  const people = useQuery(peopleQuery()).data ?? [];
  const mine = (id: string) => all || me.departments.some((d) => d.id === id);
  return (
    <Select
      aria-label={say("promises.one")}
      placeholder={say("promises.one")}
      searchable
      clearable
      value={filter.person ?? filter.department ?? null}
      onChange={(id) => {
        const what = departments.some((d) => d.id === id) ? "department" : "person";
        onFilter({ ...whomever(filter), ...(id ? { [what]: id } : {}) });
      }}
      data={[
        {
          group: say("promise.deliverer.departments"),
          items: departments.filter((d) => mine(d.id)).map((d) => ({ value: d.id, label: d.name })),
        },
        {
          group: say("promise.deliverer.people"),
          items: people.filter((p) => all || p.id === me.id).map((p) => ({ value: p.id, label: p.name })),
        },
      ]}
    />
  );
}

/** The kept rate with its numbers, and the figures it is made of. */
function Figures({ figures: f, filter }: { figures: PromiseFigures; filter: WholePromiseFilter }) {
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
