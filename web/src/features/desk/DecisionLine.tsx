import { Anchor, Button, Group, Text, UnstyledButton } from "@mantine/core";
import { ChevronRight, Waypoints } from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";
import type { Conversation } from "@/api/types";
import { type Deed, useActions } from "@/lib/actions";
import { say, sayOr } from "@/lib/words";
import { Face } from "@/ui/Face";
import { Keys } from "@/ui/Keys";
import styles from "./DecisionLine.module.css";
import { useDesk } from "./DeskProvider";
import "./words";
import { useIntentTitle } from "@/api/intents";
import { languageName } from "@/lib/text";

// Read when somebody asks why.
const SimilarMessages = lazy(() => import("./SimilarMessages").then((m) => ({ default: m.SimilarMessages })));

/** Why it is here, in one line that opens; and who would be better, one key each, while nobody has it. */
export function DecisionLine({ conversation: c }: { conversation: Conversation }) {
  const [open, setOpen] = useState(false);
  const { decision: d } = c;
  useActions(
    useMemo(
      (): Deed[] => [
        { id: "why", name: say("decision.why"), key: "h", icon: Waypoints, run: () => setOpen((is) => !is) },
      ],
      [],
    ),
  );
  const name = d.person?.name ?? d.department.name;
  return (
    <div className={styles["box"]} data-tour="why">
      <UnstyledButton
        className={styles["line"]}
        aria-expanded={open}
        aria-keyshortcuts="h"
        onClick={() => setOpen(!open)}
      >
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
      {open && c.assessment && <Assessed conversation={c} assessment={c.assessment} />}
      {open && (
        <Suspense>
          <SimilarMessages id={c.id} />
        </Suspense>
      )}
      {!c.owner.person && c.can.includes("handover") && <Suggestions conversation={c} />}
    </div>
  );
}

/** What triage says of the last thing the contact said, how sure it is of each, and what weighed. */
function Assessed({
  conversation: c,
  assessment: a,
}: {
  conversation: Conversation;
  assessment: NonNullable<Conversation["assessment"]>;
}) {
  const desk = useDesk();
  const intent = useIntentTitle();
  const part = (what: string, share: number) => say("decision.part", { what, n: Math.round(share * 100) });
  const sure = (share: number) => ({ n: Math.round(share * 100) });
  const unsure = a.needs === "must" && a.needsConfidence < 0.5;
  return (
    <section aria-label={say("decision.said")}>
      <Text size="xs" fw={600} c="dimmed" ml={21}>
        {say("decision.said")}
      </Text>
      <ul className={styles["reasons"]}>
        {a.intents.length > 0 && (
          <li>{say("decision.wants", { list: a.intents.map((i) => part(intent(i.key), i.confidence)).join(", ") })}</li>
        )}
        <li>{sayOr(`decision.needs.${unsure ? "perhaps" : a.needs}`, a.needs, sure(a.needsConfidence))}</li>
        <li>{sayOr(`decision.hurry.${a.urgency}`, a.urgency, sure(a.urgencyConfidence))}</li>
        {languageName(a.language.code) && (
          <li>
            {say("decision.language", { language: languageName(a.language.code), ...sure(a.language.confidence) })}
          </li>
        )}
        {a.reasons.map((r) => (
          <li key={r.what}>{reasonOf(r.what, r.words ?? [])}</li>
        ))}
      </ul>
      {c.can.includes("correct") && (
        <Anchor component="button" type="button" size="xs" ml={21} onClick={() => desk.ask("correct", c)}>
          {say("do.correct")}
        </Anchor>
      )}
    </section>
  );
}

/** A reason as a sentence, with the words it comes from unless it names them itself. */
function reasonOf(what: string, words: string[]): string {
  const sentence = what.charAt(0).toUpperCase() + what.slice(1);
  return words.length === 0 || words.some((w) => what.includes(w))
    ? sentence
    : `${sentence}: ${words.map((w) => `“${w}”`).join(", ")}`;
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
