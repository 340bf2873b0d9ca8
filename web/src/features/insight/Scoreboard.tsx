import { SegmentedControl, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { scoreboardQuery } from "@/api/queries";
import type { Scoreboard as Board } from "@/api/types";
import { date, exact } from "@/lib/time";
import { say } from "@/lib/words";
import { Async, Empty } from "@/ui/Async";
import { Card, Page, Section } from "@/ui/Page";
import { Tiles } from "@/ui/Tiles";
import { useZone } from "@/ui/Zone";
import { Confusion } from "./Confusion";
import { AccountRows, DepartmentRows } from "./Rows";
import { percent, spans } from "./filter";
import { CalibrationPlot, DriftPlot } from "./Plot";
import styles from "./Scoreboard.module.css";
import { Figure, FigureLink } from "./Figure";

interface Props {
  days: number;
  onDays: (days: number) => void;
}

/** How well the machine judges, each figure with its conversations behind it. */
export function Scoreboard({ days, onDays }: Props) {
  const query = useQuery(scoreboardQuery(days));
  return (
    <Page
      title={say("score.title")}
      summary={say("score.summary")}
      deeds={
        <SegmentedControl
          aria-label={say("score.span")}
          value={String(days)}
          onChange={(d) => onDays(Number(d))}
          data={spans.map((n) => ({ value: String(n), label: say("score.days", { n }) }))}
        />
      }
    >
      <Async of={query}>
        {(board) => (
          <>
            <Damaged board={board} />
            <Figures board={board} days={days} />
          </>
        )}
      </Async>
    </Page>
  );
}

/** That what was learned was found damaged within the span: figures of before and after may differ by that. */
function Damaged({ board }: { board: Board }) {
  const zone = useZone();
  if (!board.damagedAt || Date.parse(board.damagedAt) < Date.parse(board.from)) {
    return null;
  }
  return <Card tone="warn">{say("score.damaged", { when: exact(board.damagedAt, zone) })}</Card>;
}

function Figures({ board, days }: { board: Board; days: number }) {
  if (board.settled === 0) {
    return <Empty>{say("score.empty", { n: board.fewest })}</Empty>;
  }
  return (
    <>
      {board.settled < board.fewest && (
        <Card tone="warn">{say("score.few", { n: board.settled, fewest: board.fewest })}</Card>
      )}
      <Glance board={board} days={days} />
      <Calibration board={board} days={days} />
      <Drift board={board} />
      <Confusion board={board} days={days} />
      <DepartmentRows board={board} days={days} />
      <AccountRows board={board} days={days} />
      {board.capped && (
        <Text size="xs" c="dimmed" mt="lg">
          {say("score.capped")}
        </Text>
      )}
    </>
  );
}

function Glance({ board: b, days }: { board: Board; days: number }) {
  const wanted = [...new Set(b.departments.map((d) => Math.round(d.wanted * 100)))].sort((x, y) => x - y);
  const wants = wanted.length > 1 ? `${wanted[0]}–${wanted.at(-1)} %` : `${wanted[0] ?? 95} %`;
  const of = (share: { n: number; of: number }) => say("score.of", { ...share });
  return (
    <Section title={say("score.tiles")}>
      <Tiles>
        <Figure name={say("score.settled")} value={b.settled} more={say("score.settled.help", { of: b.all })} to={{ days, settled: true }} />
        <Figure name={say("score.first")} value={percent(b.first)} more={of(b.first)} to={{ days, found: "right" }} />
        <Figure name={say("score.three")} value={percent(b.three)} more={of(b.three)} to={{ days, found: "among" }} />
        <Figure name={say("score.balanced")} value={percent(b.balanced)} more={say("score.balanced.help")} to={{ days, found: "wrong" }} />
        <Figure name={say("score.coverage")} value={percent(b.coverage)} more={of(b.coverage)} to={{ days, settled: true, by: "machine" }} />
        <Figure name={say("score.precision")} value={percent(b.precision)} more={say("score.precision.help", { ...b.precision, wanted: wants })} to={{ days, settled: true, by: "machine", found: "wrong" }} />
        <Figure name={say("score.error")} value={(b.error * 100).toFixed(1)} more={say("score.error.help")} to={{ days, settled: true }} />
        <Figure name={say("score.corrected")} value={b.corrected} more={say("score.corrected.help")} to={{ days, corrected: true }} />
      </Tiles>
      <div className={styles["hows"]}>
        <span className={styles["quiet"]}>{say("score.how")}:</span>
        {b.how.map((h) => (
          <FigureLink key={h.how} to={{ days, how: h.how }}>
            {say(`score.how.${h.how}`)} {h.n}
          </FigureLink>
        ))}
      </div>
    </Section>
  ); // prettier-ignore
}

function Calibration({ board, days }: { board: Board; days: number }) {
  return (
    <Section title={say("score.calibration")} help={say("score.calibration.help")}>
      <div className={styles["side"]}>
        <CalibrationPlot bins={board.bins} />
        <div className={styles["scroll"]}>
          <table className={styles["table"]}>
            <thead>
              <tr>
                <th scope="col">{say("score.said")}</th>
                <th scope="col">{say("score.was")}</th>
                <th scope="col">{say("score.believed")}</th>
                <th scope="col">{say("score.conversations")}</th>
              </tr>
            </thead>
            <tbody>
              {board.bins.map((bin) => {
                const between = { days, settled: true, least: bin.from, below: bin.until };
                return (
                  <tr key={bin.from}>
                    <th scope="row">
                      {say("score.range", { from: Math.round(bin.from * 100), until: Math.round(bin.until * 100) })}
                    </th>
                    <td>
                      {bin.was.of > 0 ? (
                        <FigureLink to={{ ...between, found: "right" }}>{percent(bin.was)}</FigureLink>
                      ) : (
                        percent(bin.was)
                      )}
                    </td>
                    <td>{percent(bin.calibrated)}</td>
                    <td>{bin.was.of > 0 ? <FigureLink to={between}>{bin.was.of}</FigureLink> : 0}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      </div>
    </Section>
  );
}

function Drift({ board }: { board: Board }) {
  const zone = useZone();
  return (
    <Section title={say("score.drift")} help={say("score.drift.help")}>
      <div className={styles["drift"]}>
        <div className={styles["legend"]} aria-hidden>
          <span>{say("score.first")}</span>
          <span data-bar>{say("score.unlike")}</span>
        </div>
        <DriftPlot weeks={board.weeks} label={(at) => date(at, zone)} />
      </div>
      <details className={styles["details"]}>
        <summary>{say("score.table")}</summary>
        <div className={styles["scroll"]}>
          <table className={styles["table"]}>
            <thead>
              <tr>
                <th scope="col">{say("score.week")}</th>
                <th scope="col">{say("score.first")}</th>
                <th scope="col">{say("score.conversations")}</th>
                <th scope="col">{say("score.unlike")}</th>
              </tr>
            </thead>
            <tbody>
              {board.weeks.map((w) => {
                const during = { from: w.from, until: w.until };
                return (
                  <tr key={w.from}>
                    <th scope="row">{date(w.from, zone)}</th>
                    <td>
                      <FigureLink to={{ ...during, found: "wrong" }}>{percent(w.first)}</FigureLink>
                    </td>
                    <td>
                      <FigureLink to={{ ...during, settled: true }}>{w.first.of}</FigureLink>
                    </td>
                    <td>
                      {w.level > 0 ? (
                        <FigureLink to={{ ...during, below: w.level }}>{percent(w.unlike)}</FigureLink>
                      ) : (
                        percent(w.unlike)
                      )}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      </details>
    </Section>
  );
}
