import type { ReactNode } from "react";
import styles from "./Chip.module.css";

export type Tone = "plain" | "accent" | "public" | "private" | "note" | "urgent" | "warn" | "good";

/** A word or two on a quiet ground. */
export function Chip({ tone = "plain", icon, children }: { tone?: Tone; icon?: ReactNode; children: ReactNode }) {
  return (
    <span className={styles["chip"]} data-tone={tone}>
      {icon}
      <bdi>{children}</bdi>
    </span>
  );
}
