import { Tooltip } from "@mantine/core";
import type { Health } from "@/api/types";
import { useNow } from "@/lib/now";
import { ago, exact } from "@/lib/time";
import { say } from "@/lib/words";
import { useZone } from "@/ui/Zone";
import styles from "./Accounts.module.css";

type Tone = "warn" | "urgent" | undefined;
const day = 24 * 3600_000;

/** The figures of an account; what should worry somebody is coloured. */
export function HealthTiles({ health: h }: { health: Health }) {
  const now = useNow();
  const gap = [h.lostSince, h.gapSince].filter((at) => at !== undefined).sort()[0];
  const days = h.tokenExpires ? Math.floor((Date.parse(h.tokenExpires) - now) / day) : undefined;
  return (
    <dl className={styles["tiles"]}>
      <Moment name={say("health.lastSeen")} at={h.lastSeen} />
      <Moment name={say("health.lastFetch")} at={h.lastFetch} />
      <Moment name={say("health.lastSent")} at={h.lastSent} />
      <Moment name={say("health.checked")} at={h.checkedAt} />
      <Tile name={say("health.hears")} value={say(h.streaming ? "health.streaming" : "health.streaming.no")} />
      {gap ? (
        <Tile
          name={say("health.gap")}
          value={say("health.gap.since", { when: ago(gap, now) })}
          tip={say(h.lostSince ? "health.lost.help" : "health.gap.help")}
          tone="warn"
        />
      ) : (
        <Tile name={say("health.gap")} value={say("health.gap.none")} />
      )}
      {h.trouble?.nextTry && <Moment name={say("health.nextTry")} at={h.trouble.nextTry} />}
      {days === undefined ? (
        <Tile name={say("health.token")} value={say("health.token.unknown")} />
      ) : (
        <Tile
          name={say("health.token")}
          value={say("health.token.days", { n: Math.max(0, days) })}
          at={h.tokenExpires}
          tone={days < 2 ? "urgent" : days < 14 ? "warn" : undefined}
        />
      )}
      <Tile name={say("health.queued")} value={h.queued} />
      <Tile name={say("health.unknown")} value={h.unknown} tone={h.unknown > 0 ? "urgent" : undefined} />
      <Tile name={say("health.setAside")} value={h.setAside} tone={h.setAside > 0 ? "warn" : undefined} />
    </dl>
  );
}

function Moment({ name, at }: { name: string; at: string | undefined }) {
  const now = useNow();
  return <Tile name={name} value={at ? ago(at, now) : say("time.never")} at={at} />;
}

function Tile({
  name,
  value,
  at,
  tip,
  tone,
}: {
  name: string;
  value: string | number;
  at?: string | undefined;
  tip?: string;
  tone?: Tone;
}) {
  const zone = useZone();
  const label = tip ?? (at && exact(at, zone));
  return (
    <Tooltip label={label} disabled={!label} multiline maw={260}>
      <div className={styles["tile"]} data-tone={tone}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    </Tooltip>
  );
}
