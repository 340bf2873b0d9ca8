import { Clock as ClockIcon } from "lucide-react";
import { useNow } from "@/lib/now";
import { brief, exact, left } from "@/lib/time";
import { say } from "@/lib/words";
import { useZone } from "./Zone";
import styles from "./Due.module.css";

interface Clock {
  kind: "first" | "next" | "resolution";
  due: string;
  state: "running" | "warned" | "breached";
}

// Many of these stand in a list or a timeline: the browser's own tip costs nothing until it is wanted.

/** How long is left, or how much too late it is. The exact moment on hover. */
export function Due({ clock }: { clock: Clock }) {
  const now = useNow();
  const zone = useZone();
  const over = Date.parse(clock.due) < now;
  const tone = over ? "breached" : clock.state === "breached" ? "warned" : clock.state;
  return (
    <span
      className={styles["pill"]}
      data-tone={tone}
      title={say(`time.due.${clock.kind}`, { exact: exact(clock.due, zone) })}
    >
      <ClockIcon size={12} aria-hidden />
      {left(clock.due, now)}
    </span>
  );
}

/** A past moment in few letters, exact on hover. */
export function When({ at }: { at: string }) {
  const now = useNow();
  const zone = useZone();
  return (
    <time dateTime={at} className={styles["when"]} title={exact(at, zone)}>
      {brief(at, now, zone)}
    </time>
  );
}
