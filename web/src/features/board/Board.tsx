import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Maximize, Minimize, Zap } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { boardQuery, topicsQuery } from "@/api/queries";
import type { BoardPage, Incident } from "@/api/types";
import { useNow } from "@/lib/now";
import { ago, exact, span } from "@/lib/time";
import { say } from "@/lib/words";
import { DeedButton, DeedIcon } from "@/ui/ActionButton";
import { Async, Empty } from "@/ui/Async";
import { Face } from "@/ui/Face";
import { Page, Section } from "@/ui/Page";
import { useZone } from "@/ui/Zone";
import styles from "./Board.module.css";

/** The team at a glance, for a manager's phone or for the wall. */
export function Board({ onIncident }: { onIncident: (id: string) => void }) {
  const query = useQuery(boardQuery);
  const box = useRef<HTMLDivElement>(null);
  const [wall, setWall] = useState(false);
  useEffect(() => {
    // The browser leaves the full screen by itself, too.
    const changed = () => setWall(document.fullscreenElement !== null);
    document.addEventListener("fullscreenchange", changed);
    return () => document.removeEventListener("fullscreenchange", changed);
  }, []);
  const turn = () => void (wall ? document.exitFullscreen() : box.current?.requestFullscreen?.());
  const name = say(wall ? "board.wall.leave" : "board.wall");
  return (
    <div ref={box} className={styles["box"]} data-wall={wall || undefined}>
      <Page
        title={say("nav.board")}
        summary={wall ? undefined : say("board.summary")}
        deeds={
          <DeedIcon deed="wall" hotkey="w" name={name} size={36} onClick={turn}>
            {wall ? <Minimize size={18} aria-hidden /> : <Maximize size={18} aria-hidden />}
          </DeedIcon>
        }
      >
        <Async of={query}>
          {(b) =>
            b.departments.length === 0 && b.incidents.length === 0 ? (
              <Empty>{say("board.empty")}</Empty>
            ) : (
              <Whole board={b} onIncident={onIncident} />
            )
          }
        </Async>
      </Page>
    </div>
  );
}

function Whole({ board: b, onIncident }: { board: BoardPage; onIncident: (id: string) => void }) {
  const now = useNow();
  const zone = useZone();
  return (
    <>
      <dl className={styles["figures"]}>
        <Figure name={say("board.open")} value={b.total.open} />
        <Figure name={say("board.unowned")} value={b.total.unowned} />
        <Figure name={say("board.soon")} value={b.total.soon} tone={b.total.soon ? "warn" : undefined} />
        <Figure name={say("board.late")} value={b.total.late} tone={b.total.late ? "urgent" : undefined} />
        {b.total.oldest && <Figure name={say("board.oldest")} value={span(now - Date.parse(b.total.oldest))} />}
        {b.today && (
          <Figure
            name={say("board.first")}
            value={b.today.n ? span(b.today.seconds * 1000) : "–"}
            more={
              b.today.n
                ? b.lastWeek?.n
                  ? say("board.first.week", { span: span(b.lastWeek.seconds * 1000) })
                  : say("board.first.weekNone")
                : say("board.first.none")
            }
          />
        )}
      </dl>
      {b.incidents.length > 0 && (
        <Section title={say("board.incidents")}>
          <div className={styles["incidents"]}>
            {b.incidents.map((i) => (
              <One key={i.id} incident={i} now={now} onOpen={() => onIncident(i.id)} />
            ))}
          </div>
        </Section>
      )}
      <Departments board={b} now={now} />
      <People board={b} />
      <Text size="xs" c="dimmed" title={exact(b.at, zone)}>
        {say("board.at", { when: ago(b.at, now) })}
      </Text>
    </>
  );
}

function Figure({
  name,
  value,
  more,
  tone,
}: {
  name: string;
  value: number | string;
  more?: string;
  tone?: "warn" | "urgent" | undefined;
}) {
  return (
    <div className={styles["figure"]} data-tone={tone}>
      <dt>{name}</dt>
      <dd>{value}</dd>
      {more && <dd className={styles["more"]}>{more}</dd>}
    </div>
  );
}

function One({ incident: i, now, onOpen }: { incident: Incident; now: number; onOpen: () => void }) {
  const topics = useQuery(topicsQuery).data ?? [];
  const what = i.kind === "topic" ? (topics.find((t) => t.key === i.what)?.name ?? i.what) : i.what;
  return (
    <button type="button" className={styles["incident"]} data-over={!i.open || undefined} onClick={onOpen}>
      <Zap size={18} aria-hidden />
      <span className={styles["what"]}>
        <bdi className={styles["name"]}>{say(`incident.${i.kind}`, { what })}</bdi>
        <span className={styles["quiet"]}>
          {say("incident.counts", { n: i.conversations, waiting: i.waiting })} ·{" "}
          {i.endedAt
            ? say("incident.over", { when: ago(i.endedAt, now) })
            : i.owner
              ? say("incident.owner", { name: i.owner.person?.name ?? i.owner.department.name })
              : say("incident.nobody")}
        </span>
      </span>
    </button>
  );
}

function Departments({ board: b, now }: { board: BoardPage; now: number }) {
  return (
    <Section title={say("board.departments")}>
      <div className={styles["scroll"]} tabIndex={0} role="group" aria-label={say("board.departments")}>
        <table className={styles["table"]}>
          <thead>
            <tr>
              <th scope="col">{say("board.department")}</th>
              <th scope="col">{say("board.open")}</th>
              <th scope="col">{say("board.unowned")}</th>
              <th scope="col">{say("board.soon")}</th>
              <th scope="col">{say("board.late")}</th>
              <th scope="col">{say("board.oldest")}</th>
            </tr>
          </thead>
          <tbody>
            {[...b.departments]
              .sort((x, y) => y.late - x.late || y.soon - x.soon || y.open - x.open)
              .map((d) => (
                <tr key={d.id}>
                  <th scope="row">
                    <bdi>{d.name}</bdi>
                  </th>
                  <td>{d.open}</td>
                  <td>{d.unowned}</td>
                  <td data-tone={d.soon ? "warn" : undefined}>{d.soon}</td>
                  <td data-tone={d.late ? "urgent" : undefined}>{d.late}</td>
                  <td>{d.oldest ? span(now - Date.parse(d.oldest)) : "–"}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

/** Who is there first, then who has most. */
function People({ board: b }: { board: BoardPage }) {
  const [all, setAll] = useState(false);
  const list = [...b.people].sort((x, y) => Number(y.here) - Number(x.here) || y.late - x.late || y.open - x.open);
  const shown = all ? list : list.slice(0, 24);
  return (
    <Section title={say("board.people")}>
      <ul className={styles["people"]}>
        {shown.map((p) => (
          <li key={p.id} className={styles["person"]} data-away={!p.here || undefined}>
            <Face name={p.name} size={30} />
            <span className={styles["what"]}>
              <bdi className={styles["name"]}>{p.name}</bdi>
              <span className={styles["quiet"]}>{say(p.here ? "board.here" : "board.away")}</span>
            </span>
            <span className={styles["load"]} data-tone={p.late ? "urgent" : p.soon ? "warn" : undefined}>
              {p.capacity ? say("board.load", { n: p.open, most: p.capacity }) : p.open}
            </span>
          </li>
        ))}
      </ul>
      {shown.length < list.length && (
        <DeedButton deed="more" hotkey="m" variant="default" mt="sm" onClick={() => setAll(true)}>
          {say("thread.more")}
        </DeedButton>
      )}
    </Section>
  );
}
