import type { Scoreboard } from "@/api/types";
import { say } from "@/lib/words";
import { Section } from "@/ui/Page";
import { FigureLink } from "./Figure";
import { percent } from "./filter";
import styles from "./Scoreboard.module.css";

interface Props {
  board: Scoreboard;
  days: number;
}

type Share = Scoreboard["first"];

/** A share that opens its conversations, with how many they are. */
function Cell({ share, to }: { share: Share; to: Parameters<typeof FigureLink>[0]["to"] }) {
  return (
    <td>
      {share.of > 0 ? (
        <>
          <FigureLink to={to}>{percent(share)}</FigureLink>{" "}
          <span className={styles["quiet"]}>{say("score.of", { ...share })}</span>
        </>
      ) : (
        <span className={styles["quiet"]}>{say("score.none")}</span>
      )}
    </td>
  );
}

/** Department by department. */
export function DepartmentRows({ board, days }: Props) {
  return (
    <Section title={say("score.departments")} help={say("score.departments.help")}>
      <div className={styles["scroll"]}>
        <table className={styles["table"]}>
          <thead>
            <tr>
              <th scope="col">{say("score.department")}</th>
              <th scope="col">{say("score.thoughtOf")}</th>
              <th scope="col">{say("score.found")}</th>
              <th scope="col">{say("score.wanted")}</th>
              <th scope="col">{say("score.threshold")}</th>
              <th scope="col">{say("score.unasked")}</th>
              <th scope="col">{say("score.rightly")}</th>
            </tr>
          </thead>
          <tbody>
            {board.departments.map((d) => {
              const { id, name } = d.department;
              return (
                <tr key={id}>
                  <th scope="row">
                    <bdi>{name || say("score.retired")}</bdi>
                  </th>
                  <Cell share={d.said} to={{ days, said: id, settled: true }} />
                  <Cell share={d.was} to={{ days, was: id, settled: true }} />
                  <td>{percent(d.wanted)}</td>
                  <td title={say(`score.threshold.${d.source}`)}>
                    {threshold(d.threshold)}
                    <span className="sr">, {say(`score.threshold.${d.source}`)}</span>
                  </td>
                  <Cell share={d.coverage} to={{ days, said: id, by: "machine", settled: true }} />
                  <Cell share={d.precision} to={{ days, said: id, by: "machine", found: "wrong" }} />
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

/** A threshold for reading: none of its own, one that nothing reaches, or per cent. */
export function threshold(at: number | undefined): string {
  if (at === undefined) {
    return say("score.threshold.usual");
  }
  return at > 1 ? say("score.threshold.never") : percent(at);
}

/** Right and wrong accounts apart. */
export function AccountRows({ board, days }: Props) {
  return (
    <Section title={say("score.accounts")} help={say("score.accounts.help")}>
      <div className={styles["hows"]}>
        <span>
          {say("score.home")}: <strong>{percent(board.home)}</strong>{" "}
          <span className={styles["quiet"]}>{say("score.of", { ...board.home })}</span>
        </span>
        <span>
          {say("score.elsewhere")}: <strong>{percent(board.elsewhere)}</strong>{" "}
          <span className={styles["quiet"]}>{say("score.of", { ...board.elsewhere })}</span>
        </span>
      </div>
      <div className={styles["scroll"]}>
        <table className={styles["table"]}>
          <thead>
            <tr>
              <th scope="col">{say("score.account")}</th>
              <th scope="col">{say("score.account.home")}</th>
              <th scope="col">{say("score.account.all")}</th>
              <th scope="col">{say("score.account.elsewhere")}</th>
            </tr>
          </thead>
          <tbody>
            {board.accounts.map((a) => (
              <tr key={a.account.id}>
                <th scope="row">
                  <bdi>{a.account.handle}</bdi>
                </th>
                <td>
                  <bdi>{a.home.name || say("score.retired")}</bdi>
                </td>
                <Cell share={a.first} to={{ days, account: a.account.id, settled: true }} />
                <Cell share={a.elsewhere} to={{ days, account: a.account.id, notOf: a.home.id }} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
