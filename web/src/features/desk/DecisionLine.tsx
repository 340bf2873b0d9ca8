import { Button, Group, Text, UnstyledButton } from "@mantine/core";
import { ChevronRight, Waypoints } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { Conversation } from "@/api/types";
import { say, sayOr } from "@/lib/words";
import { Face } from "@/ui/Face";
import { Keys } from "@/ui/Keys";
import styles from "./DecisionLine.module.css";
import { useDesk } from "./DeskProvider";

// Read when somebody asks why.
const SimilarMessages = lazy(() => import("./SimilarMessages").then((m) => ({ default: m.SimilarMessages })));

/** Why it is here, in one line that opens; and who would be better, one key each, while nobody has it. */
export function DecisionLine({ conversation: c }: { conversation: Conversation }) {
  const [open, setOpen] = useState(false);
  const { decision: d } = c;
  const name = d.person?.name ?? d.department.name;
  return (
    <div className={styles["box"]}>
      <UnstyledButton className={styles["line"]} aria-expanded={open} onClick={() => setOpen(!open)}>
        <Waypoints size={14} aria-hidden />
        <span className={styles["text"]}>
          {say("decision.to", { name })}
          {d.reasons.length > 0 && `: ${d.reasons.join("; ")}`}
        </span>
        <ChevronRight size={14} aria-hidden className={styles["turn"]} data-open={open || undefined} />
      </UnstyledButton>
      {open && (
        <ul className={styles["reasons"]}>
          {d.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
          <li>
            {sayOr(`decision.by.${d.by}`, d.by)}
            {d.by !== "path" && `, ${say("decision.sure", { n: Math.round(d.confidence * 100) })}`}
          </li>
        </ul>
      )}
      {open && (
        <Suspense>
          <SimilarMessages id={c.id} />
        </Suspense>
      )}
      {!c.owner.person && c.can.includes("handover") && <Suggestions conversation={c} />}
    </div>
  );
}

function Suggestions({ conversation: c }: { conversation: Conversation }) {
  const { deeds } = useDesk();
  if (c.suggestions.length === 0) {
    return null;
  }
  return (
    <>
      <Group gap={6} mt={6} role="group" aria-label={say("decision.better")}>
        <Text size="xs" c="dimmed">
          {say("decision.better")}
        </Text>
        {c.suggestions.slice(0, 3).map((s, i) => {
          const name = s.person?.name ?? s.department.name;
          return (
            <Button
              key={name}
              size="compact-sm"
              variant="default"
              fw={500}
              title={s.reasons.join(", ")}
              leftSection={<Face name={name} square={!s.person} size={16} />}
              rightSection={<Keys of={String(i + 1)} />}
              onClick={() => deeds.handover(c, s, s.reasons.join(", "))}
            >
              <span className="sr">{say("do.handover")}: </span>
              {name}
            </Button>
          );
        })}
      </Group>
      <ol className={styles["why"]}>
        {c.suggestions.slice(0, 3).map((s) => (
          <li key={`${s.department.id}${s.person?.id ?? ""}`}>
            <bdi>{s.person?.name ?? s.department.name}</bdi>: {s.reasons.join(", ")}
          </li>
        ))}
      </ol>
    </>
  );
}
