import type { Ref, Scoreboard } from "@/api/types";
import { say } from "@/lib/words";
import { Section } from "@/ui/Page";
import { FigureLink } from "./Figure";
import styles from "./Scoreboard.module.css";

/** More departments than this and nobody reads it. */
const widest = 12;

interface Props {
  board: Scoreboard;
  days: number;
}

/** What was thought of against what it was. */
export function Confusion({ board, days }: Props) {
  const { shown, all, count, most } = matrix(board.confusion);
  if (all === 0) {
    return null;
  }
  const named = (r: Ref) => r.name || say("score.retired");
  return (
    <Section title={say("score.confusion")} help={say("score.confusion.help")}>
      <div className={styles["scroll"]}>
        <table className={`${styles["table"]} ${styles["matrix"]}`}>
          <thead>
            <tr>
              <th scope="col">{say("score.confusion.corner")}</th>
              {shown.map((was) => (
                <th key={was.id} scope="col" title={named(was)}>
                  <bdi>{named(was)}</bdi>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((said) => (
              <tr key={said.id}>
                <th scope="row">
                  <bdi>{named(said)}</bdi>
                </th>
                {shown.map((was) => {
                  const n = count(said, was);
                  const right = said.id === was.id;
                  return (
                    <td
                      key={was.id}
                      data-right={(n > 0 && right) || undefined}
                      data-wrong={(n > 0 && !right) || undefined}
                      style={{ "--much": 30 + (70 * n) / most } as React.CSSProperties}
                    >
                      {n > 0 && (
                        <FigureLink
                          to={{ days, said: said.id, was: was.id, settled: true }}
                          label={say("score.confusion.cell", { n, said: named(said), was: named(was) })}
                        >
                          {n}
                        </FigureLink>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {all > shown.length && <p className={styles["quiet"]}>{say("score.confusion.rest", { n: shown.length })}</p>}
    </Section>
  );
}

/** The departments with most, and how often each was taken for each. */
export function matrix(pairs: Scoreboard["confusion"]) {
  const sums = new Map<string, { ref: Ref; n: number }>();
  const cells = new Map<string, number>();
  for (const { said, was, n } of pairs) {
    for (const ref of said.id === was.id ? [said] : [said, was]) {
      sums.set(ref.id, { ref, n: (sums.get(ref.id)?.n ?? 0) + n });
    }
    cells.set(`${said.id} ${was.id}`, n);
  }
  const shown = [...sums.values()]
    .sort((a, b) => b.n - a.n || a.ref.name.localeCompare(b.ref.name))
    .slice(0, widest)
    .map((s) => s.ref);
  const wrong = pairs.filter((p) => p.said.id !== p.was.id).map((p) => p.n);
  return {
    shown,
    all: sums.size,
    most: Math.max(1, ...wrong),
    count: (said: Ref, was: Ref) => cells.get(`${said.id} ${was.id}`) ?? 0,
  };
}
