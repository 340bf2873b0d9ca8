import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import { say } from "@/lib/words";
import styles from "./Door.module.css";
import { Mark } from "./Mark";

/** A screen before one is inside: the sign, a title, one thing to do. */
export function Door({
  title,
  wide = false,
  above,
  children,
}: {
  title: string;
  wide?: boolean;
  above?: ReactNode;
  children: ReactNode;
}) {
  return (
    <main className={styles["door"]}>
      <div className={styles["box"]} data-wide={wide || undefined}>
        <div className={styles["mark"]}>
          <Mark size={28} />
          <span>{say("app.name")}</span>
        </div>
        {above}
        <Title order={1} className={styles["title"]}>
          <bdi>{title}</bdi>
        </Title>
        {children}
      </div>
    </main>
  );
}
