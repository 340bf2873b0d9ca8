import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { ResponsibilityMap } from "@/api/types";
import { useNow } from "@/lib/now";
import { brief } from "@/lib/time";
import { say } from "@/lib/words";
import { Async } from "@/ui/Async";
import { Chip } from "@/ui/Chip";
import { Section } from "@/ui/Page";
import { useDo } from "@/ui/useDo";
import { useZone } from "@/ui/Zone";
import { MapTable } from "./MapTable";
import styles from "./Policy.module.css";
import { mapVersionsQuery } from "./queries";

/** Every version there was, with who set it and why; each can be looked at and brought back. */
export function MapHistory({ manages }: { manages: boolean }) {
  const query = useQuery(mapVersionsQuery);
  return (
    <Section title={say("map.history")}>
      <Async of={query}>
        {(versions) => (
          <ul className={styles["list"]}>
            {versions.map((v) => (
              <Version key={v.number} version={v} manages={manages} />
            ))}
          </ul>
        )}
      </Async>
    </Section>
  );
}

function Version({ version: v, manages }: { version: ResponsibilityMap; manages: boolean }) {
  const { busy, run } = useDo();
  const now = useNow();
  const zone = useZone();
  const who = v.by?.name || say("app.name");
  return (
    <li className={styles["rule"]}>
      <details className={styles["main"]}>
        <summary>
          {v.number === 0
            ? say("map.history.stated")
            : say("map.version", { number: v.number, who, when: v.at ? brief(v.at, now, zone) : "" })}
          {v.why && ` · ${v.why}`}
          <span className={styles["sub"]}> · {say("map.history.rows", { n: v.rows.length })}</span>
        </summary>
        <MapTable rows={v.rows} />
      </details>
      {v.inForce ? (
        <Chip tone="good">{say("map.inForce")}</Chip>
      ) : (
        manages && (
          <Button
            size="compact-sm"
            variant="default"
            loading={busy}
            aria-label={say("map.restore.label", { n: v.number })}
            onClick={() =>
              run({
                call: () =>
                  answer(
                    api.POST("/api/map/versions/{number}/restore", {
                      params: { path: { number: v.number } },
                      body: {},
                    }),
                  ),
                said: say("map.restored", { n: v.number }),
                touches: [["map"]],
              })
            }
          >
            {say("map.restore")}
          </Button>
        )
      )}
    </li>
  );
}
