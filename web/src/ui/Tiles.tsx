import { createLink } from "@tanstack/react-router";
import type { ComponentProps, ReactNode } from "react";
import styles from "./Tiles.module.css";

/** Figures side by side; small when there are many of them. */
export function Tiles({ small, children }: { small?: boolean; children: ReactNode }) {
  return (
    <ul className={styles["tiles"]} data-small={small || undefined}>
      {children}
    </ul>
  );
}

interface Props extends ComponentProps<"a"> {
  name: string;
  value: ReactNode;
  /** What it means, or what it is made of. */
  more: string;
}

/** A figure that leads to what it counts. */
export const Tile = createLink(function Tile({ name, value, more, ...link }: Props) {
  return (
    <li>
      <a {...link} className={styles["tile"]}>
        <span className={styles["name"]}>{name}</span>
        <span className={styles["value"]}>{value}</span>
        <span className={styles["more"]}>{more}</span>
      </a>
    </li>
  );
});
