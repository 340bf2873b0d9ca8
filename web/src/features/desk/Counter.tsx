import { count, type Limits, most } from "@/lib/limits";
import { say } from "@/lib/words";
import styles from "./Composer.module.css";
import "./words";

/** What is left by the channel's own count; speaks up only when it gets short. */
export function Counter({ limits, text, isPrivate }: { limits: Limits; text: string; isPrivate: boolean }) {
  const limit = most(limits, isPrivate);
  if (limit === 0) {
    return null;
  }
  const left = limit - count(limits, text);
  const label =
    left < 0
      ? say("composer.over", { n: -left })
      : say(limits.unit === "bytes" ? "composer.bytesLeft" : "composer.left", { n: left });
  return (
    <span
      className={styles["count"]}
      data-tone={left < 0 ? "over" : left < limit * 0.1 ? "short" : undefined}
      title={label}
    >
      <span aria-hidden>{left}</span>
      <span className="sr" role="status">
        {left < limit * 0.1 ? label : ""}
      </span>
    </span>
  );
}
