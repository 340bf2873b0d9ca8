import { Group, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { MenuButton } from "./Frame";
import styles from "./Page.module.css";

interface Props {
  title: ReactNode;
  summary?: ReactNode;
  deeds?: ReactNode;
  /** What stands left of the title: a way back, a face. */
  before?: ReactNode;
  narrow?: boolean;
  children: ReactNode;
}

/** A page that is not the inbox: a title, what can be done, and room to read. */
export function Page({ title, summary, deeds, before, narrow = false, children }: Props) {
  return (
    <div className={styles["page"]}>
      <div className={styles["inner"]} data-narrow={narrow || undefined}>
        <header className={styles["head"]}>
          <Group gap="sm" wrap="nowrap" miw={0}>
            <MenuButton />
            {before}
            <Title order={1} className={styles["title"]}>
              <bdi>{title}</bdi>
            </Title>
          </Group>
          {deeds && <Group gap="xs">{deeds}</Group>}
        </header>
        {summary && (
          <Text c="dimmed" maw={640} mb="lg" component="div">
            {summary}
          </Text>
        )}
        {children}
      </div>
    </div>
  );
}

/** A titled part of a page. */
export function Section({
  title,
  help,
  deeds,
  children,
}: {
  title: string;
  help?: ReactNode;
  deeds?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={styles["section"]} aria-label={title}>
      <Group justify="space-between" align="flex-start" mb={help ? 2 : "xs"} wrap="nowrap">
        <Title order={2} className={styles["sectionTitle"]}>
          {title}
        </Title>
        {deeds}
      </Group>
      {help && (
        <Text c="dimmed" size="sm" mb="sm" maw={620} component="div">
          {help}
        </Text>
      )}
      {children}
    </section>
  );
}

/** A quiet box with a line around it. */
export function Card({ children, tone }: { children: ReactNode; tone?: "urgent" | "warn" | "good" }) {
  return (
    <div className={styles["card"]} data-tone={tone} data-row>
      {children}
    </div>
  );
}
