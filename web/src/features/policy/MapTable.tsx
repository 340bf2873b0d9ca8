import type { MapRow } from "@/api/types";
import { say, sayOr } from "@/lib/words";
import { useIntentTitle } from "@/api/intents";
import { useTopicName } from "./topics";
import styles from "./Policy.module.css";

/** The map to read. On a narrow screen each row is a card. */
export function MapTable({ rows }: { rows: MapRow[] }) {
  const intent = useIntentTitle();
  const topic = useTopicName();
  return (
    <div className={styles["scroll"]}>
      <table className={`${styles["table"]} ${styles["cards"]}`}>
        <thead>
          <tr>
            <th>{say("map.intent")}</th>
            <th>{say("map.topic")}</th>
            <th>{say("map.standing")}</th>
            <th>{say("map.language")}</th>
            <th>{say("map.department")}</th>
            <th>{say("map.standIn")}</th>
            <th>{say("map.note")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((r, k) => (
            <tr key={k}>
              <Cell label={say("map.intent")} text={r.intent && intent(r.intent)} />
              <Cell label={say("map.topic")} text={r.topic && topic(r.topic)} />
              <Cell label={say("map.standing")} text={r.standing && sayOr(`standing.${r.standing}`, r.standing)} />
              <Cell label={say("map.language")} text={r.language} />
              <td data-label={say("map.department")}>
                <span>
                  <bdi>
                    <strong>{r.department.name || "–"}</strong>
                  </bdi>
                  {r.doubts.map((d) => (
                    <div key={d} className={styles["doubt"]} role="note">
                      {d}
                    </div>
                  ))}
                </span>
              </td>
              <td data-label={say("map.standIn")}>
                {r.standIn ? (
                  <bdi>{r.standIn.name || "–"}</bdi>
                ) : (
                  <span className={styles["any"]}>{say("map.nobody")}</span>
                )}
              </td>
              <td data-label={say("map.note")}>{r.note}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ label, text }: { label: string; text: string }) {
  return (
    <td data-label={label}>{text ? <bdi>{text}</bdi> : <span className={styles["any"]}>{say("map.any")}</span>}</td>
  );
}
