import { ActionIcon } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import { accountsQuery, departmentsQuery, intentsQuery, verdictsQuery } from "@/api/queries";
import type { Verdict, VerdictFilter } from "@/api/types";
import { useNow } from "@/lib/now";
import { brief, date } from "@/lib/time";
import { say, sayOr } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { Async } from "@/ui/Async";
import { ChannelGlyph } from "@/ui/ChannelGlyph";
import { Chip } from "@/ui/Chip";
import { Page } from "@/ui/Page";
import { useZone } from "@/ui/Zone";
import styles from "./Scoreboard.module.css";

/** The conversations behind a figure, each a way to the conversation itself. */
export function Verdicts({ filter }: { filter: VerdictFilter }) {
  const query = useInfiniteQuery(verdictsQuery(filter));
  const list = { ...query, data: query.data?.pages.flatMap((p) => p.items) };
  return (
    <Page
      narrow
      before={
        <ActionIcon
          size={36}
          aria-label={say("verdicts.back")}
          renderRoot={(props) => <Link to="/scoreboard" search={filter.days ? { days: filter.days } : {}} {...props} />}
        >
          <ChevronLeft size={20} aria-hidden />
        </ActionIcon>
      }
      title={say("verdicts.title")}
    >
      <Told filter={filter} />
      <Async of={list} empty={say("verdicts.empty")}>
        {(verdicts) => (
          <ul className={styles["list"]}>
            {verdicts.map((v) => (
              <li key={v.conversation}>
                <Line verdict={v} />
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
          {say("verdicts.more")}
        </DeedButton>
      )}
    </Page>
  );
}

/** Which figure it is, in words. */
function Told({ filter: f }: { filter: VerdictFilter }) {
  const departments = useQuery(departmentsQuery).data ?? [];
  const accounts = useQuery(accountsQuery).data ?? [];
  const zone = useZone();
  const department = (id: string) => departments.find((d) => d.id === id)?.name ?? say("score.retired");
  const told: string[] = [];
  if (f.from) {
    told.push(say("verdicts.is.week", { from: date(f.from, zone) }));
  } else if (f.days) {
    told.push(say("verdicts.is.days", { n: f.days }));
  }
  for (const name of ["said", "was", "notOf"] as const) {
    const id = f[name];
    if (id) {
      told.push(say(`verdicts.is.${name}`, { name: department(id) }));
    }
  }
  if (f.account) {
    told.push(say("verdicts.is.account", { name: accounts.find((a) => a.id === f.account)?.handle ?? f.account }));
  }
  if (f.least !== undefined || f.below !== undefined) {
    const from = Math.round((f.least ?? 0) * 100);
    told.push(say("verdicts.is.between", { from, until: Math.round((f.below ?? 1) * 100) }));
  }
  if (f.by) {
    told.push(sayOr(`verdicts.is.by.${f.by}`, f.by));
  }
  if (f.how) {
    told.push(say(`score.how.${f.how}`));
  }
  if (f.corrected) {
    told.push(say("verdicts.is.corrected"));
  }
  if (f.found) {
    told.push(say(`verdicts.is.found.${f.found}`));
  } else if (f.settled) {
    told.push(say("verdicts.is.settled"));
  }
  return (
    <div className={styles["chips"]}>
      {told.map((t) => (
        <Chip key={t}>{t}</Chip>
      ))}
    </div>
  );
}

function Line({ verdict: v }: { verdict: Verdict }) {
  const now = useNow();
  const zone = useZone();
  const intents = useQuery(intentsQuery).data ?? [];
  const intent = (key: string) => intents.find((i) => i.key === key)?.title ?? (key || "–");
  return (
    <Link
      to="/inbox/$view/{-$conversation}"
      params={{ view: "all", conversation: v.conversation }}
      className={styles["row"]}
    >
      <span className={styles["rowText"]}>
        <bdi>{v.excerpt || v.subject || say("verdicts.erased")}</bdi>
      </span>
      <span className={styles["rowFacts"]}>
        <span>{brief(v.at, now, zone)}</span>
        <span>
          <ChannelGlyph channel={v.account.channel} size={12} /> <bdi>{v.account.handle}</bdi>
        </span>
        <span>
          {v.said
            ? say("verdicts.thought", { name: v.said.name || say("score.retired"), n: Math.round(v.confidence * 100) })
            : say("verdicts.thought.none")}
        </span>
        <span>{say(`verdicts.by.${v.by}`)}</span>
        <Outcome verdict={v} />
        {v.trueIntent && <span>{say("verdicts.intent", { from: intent(v.intent), to: intent(v.trueIntent) })}</span>}
      </span>
    </Link>
  );
}

function Outcome({ verdict: v }: { verdict: Verdict }) {
  if (!v.was) {
    return <span>{say("verdicts.open")}</span>;
  }
  return (
    <>
      <Chip tone={v.right ? "good" : "warn"}>{say(v.right ? "verdicts.right" : "verdicts.wrong")}</Chip>
      {!v.right && <span>{say("verdicts.was", { name: v.was.name || say("score.retired") })}</span>}
      {v.how && <span>{say(`score.how.${v.how}`)}</span>}
    </>
  );
}
