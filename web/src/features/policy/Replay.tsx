import { Group, MultiSelect, Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { peopleQuery } from "@/api/queries";
import type { Replay, ReplayHand, ReplayPerson, ReplaySide, RowBody } from "@/api/types";
import { useNow } from "@/lib/now";
import { brief, span } from "@/lib/time";
import { say } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { Empty, Waiting } from "@/ui/Async";
import { Section } from "@/ui/Page";
import { useDo } from "@/ui/useDo";
import { useZone } from "@/ui/Zone";
import styles from "./Policy.module.css";
import { ReplayPeople } from "./ReplayPeople";

/** The changed map on the last days, before it is put in force. */
export function TryMap({ rows, ready }: { rows: RowBody[]; ready: boolean }) {
  const { busy, run } = useDo();
  const [days, setDays] = useState("7");
  const [absent, setAbsent] = useState<string[]>([]);
  const [changed, setChanged] = useState<ReplayPerson[]>([]);
  const [outcome, setOutcome] = useState<Replay | null>(null);
  const people = (useQuery(peopleQuery()).data ?? []).filter((p) => p.state === "active" && p.departments.length > 0);
  return (
    <Section title={say("map.try", { days })}>
      <Group align="flex-end" gap="sm">
        <Select
          w={90}
          allowDeselect={false}
          label={say("map.try.days")}
          description={say("map.try.days.help")}
          data={["1", "7", "14", "30"]}
          value={days}
          onChange={(v) => setDays(v ?? "7")}
        />
        <MultiSelect
          className={styles["grow"]}
          searchable
          clearable
          label={say("replay.absent")}
          description={say("replay.absent.help")}
          data={people.map((p) => ({ value: p.id, label: p.name }))}
          value={absent}
          onChange={setAbsent}
        />
        <DeedButton
          deed="map-try"
          hotkey="t"
          name={say("map.try", { days })}
          variant="default"
          loading={busy}
          disabled={!ready || changed.some((c) => c.departments?.length === 0)}
          onClick={() =>
            run({
              call: () =>
                answer(
                  api.POST("/api/map/replay", {
                    body: { rows, days: Number(days), people: different(absent, changed) },
                  }),
                ),
              then: setOutcome,
            })
          }
        >
          {say("map.try", { days })}
        </DeedButton>
      </Group>
      <ReplayPeople people={people} value={changed} onChange={setChanged} />
      <div aria-live="polite">{busy ? <Waiting rows={3} /> : outcome && <Outcome outcome={outcome} />}</div>
    </Section>
  );
}

/** Each person once: who is absent may have been changed too. */
function different(absent: string[], changed: ReplayPerson[]): ReplayPerson[] {
  const away = absent.filter((person) => !changed.some((c) => c.person === person));
  return [
    ...away.map((person) => ({ person, absent: true })),
    ...changed.map((c) => ({ ...c, absent: absent.includes(c.person) })),
  ];
}

function Outcome({ outcome: o }: { outcome: Replay }) {
  if (o.openings === 0) {
    return <Empty>{say("replay.empty")}</Empty>;
  }
  const n = (v: number) => v.toLocaleString("en");
  return (
    <>
      <Text size="sm" mt="md" mb="xs">
        {say("replay.summary", { openings: n(o.openings), idle: n(o.idle), moves: n(o.moves) })}{" "}
        {say("replay.known", { n: n(o.measured) })}
      </Text>
      <Sides sides={o.sides} days={o.days} />
      <Hands hands={o.people} />
      <Moves outcome={o} />
    </>
  );
}

/** Before and after, side by side, for each department. */
function Sides({ sides, days }: { sides: ReplaySide[]; days: number }) {
  return (
    <div className={styles["scroll"]}>
      <table className={`${styles["table"]} ${styles["cards"]}`}>
        <caption className="sr">{say("replay.title", { days })}</caption>
        <thead>
          <tr>
            <th>{say("replay.department")}</th>
            {heads.map((h) => (
              <th key={h} data-number>
                {say(h)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sides.map((s) => (
            <Side key={s.department.id} side={s} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const heads = [
  "replay.then", "replay.now", "replay.after", "replay.first", "replay.first.changed", "replay.busy",
  "replay.busy.changed",
] as const; // prettier-ignore

function Side({ side: s }: { side: ReplaySide }) {
  const percent = (v: number) => `${Math.round(v * 100)} %`;
  const time = (q: ReplaySide["before"]) => (q.got === q.waiting ? "–" : span(q.median * 60_000));
  const cells: [(typeof heads)[number], string, boolean][] = [
    ["replay.then", String(s.then), false],
    ["replay.now", String(s.before.got), false],
    ["replay.after", String(s.after.got), s.after.got !== s.before.got],
    ["replay.first", time(s.before), false],
    ["replay.first.changed", time(s.after), time(s.after) !== time(s.before)],
    ["replay.busy", percent(s.before.busy), false],
    ["replay.busy.changed", percent(s.after.busy), percent(s.after.busy) !== percent(s.before.busy)],
  ];
  return (
    <tr>
      <td data-label={say("replay.department")}>
        <span>
          <bdi>
            <strong>{s.department.name || "–"}</strong>
          </bdi>
          {s.after.waiting > 0 && (
            <div className={styles["doubt"]}>{say("replay.waiting", { n: s.after.waiting })}</div>
          )}
        </span>
      </td>
      {cells.map(([head, text, changed]) => (
        <td key={head} data-number data-label={say(head)} data-changed={changed || undefined}>
          {text}
        </td>
      ))}
    </tr>
  );
}

const handHeads = ["replay.now", "replay.after", "replay.busy", "replay.busy.changed"] as const;

/** What each person would have had to do. */
function Hands({ hands }: { hands: ReplayHand[] }) {
  const percent = (v: number) => `${Math.round(v * 100)} %`;
  if (hands.length === 0) {
    return null;
  }
  return (
    <Section title={say("replay.people")}>
      <div className={styles["scroll"]}>
        <table className={`${styles["table"]} ${styles["cards"]}`}>
          <caption className="sr">{say("replay.people")}</caption>
          <thead>
            <tr>
              <th>{say("replay.person")}</th>
              {handHeads.map((h) => (
                <th key={h} data-number>
                  {say(h)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {hands.map(({ person, before, after }) => {
              const cells = [
                String(before.answered),
                String(after.answered),
                percent(before.busy),
                percent(after.busy),
              ];
              return (
                <tr key={person.id}>
                  <td data-label={say("replay.person")}>
                    <bdi>{person.name}</bdi>
                  </td>
                  {handHeads.map((head, k) => (
                    <td
                      key={head}
                      data-number
                      data-label={say(head)}
                      data-changed={(k % 2 === 1 && cells[k] !== cells[k - 1]) || undefined}
                    >
                      {cells[k]}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function Moves({ outcome: o }: { outcome: Replay }) {
  const now = useNow();
  const zone = useZone();
  return (
    <Section title={say("replay.moves")}>
      {o.items.length === 0 && (
        <Text size="sm" c="dimmed">
          {say("replay.none")}
        </Text>
      )}
      <ul className={styles["list"]}>
        {o.items.map((m) => (
          <li key={m.conversation}>
            <Link
              to="/conversations/$conversation"
              params={{ conversation: m.conversation }}
              target="_blank"
              className={styles["found"]}
              title={m.why.join("; ")}
            >
              <bdi className={styles["excerpt"]}>{m.excerpt}</bdi>
              <span>{say("replay.move", { before: m.before.name, after: m.after.name })}</span>
              <span className={styles["sub"]}>{brief(m.at, now, zone)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
