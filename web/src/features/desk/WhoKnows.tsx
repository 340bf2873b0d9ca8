import { Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { type KeyboardEvent, useEffect, useState } from "react";
import { candidatesQuery } from "@/api/queries";
import type { Candidate, Row } from "@/api/types";
import { say } from "@/lib/words";
import { Async } from "@/ui/Async";
import { Face } from "@/ui/Face";
import styles from "./PutThrough.module.css";
import "./words";

const none: Candidate[] = [];

/** A search for who knows, and who of those found is chosen: the best, until another one is pointed at. */
export function useWhoKnows(on: Row) {
  const [words, setWords] = useState("");
  const [asked] = useDebouncedValue(words.trim(), 120);
  const [at, setAt] = useState(0);
  const query = useQuery(candidatesQuery(on.id, asked));
  const list = query.data ?? none;
  const chosen = list[Math.min(at, list.length - 1)];

  useEffect(() => {
    // A new search begins at its best.
    setAt(0);
  }, [asked]);

  /** Walks the list by the arrow keys; says whether it was one of them. */
  const onKey = (event: KeyboardEvent): boolean => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLSelectElement) {
      return false;
    }
    event.preventDefault();
    setAt(Math.max(0, Math.min(list.length - 1, at + step)));
    return true;
  };
  return { words, setWords, at, setAt, query, chosen, onKey };
}

/** The field one searches in, and the best people and departments below it, each with the reason. */
export function WhoKnows({ search: s }: { search: ReturnType<typeof useWhoKnows> }) {
  return (
    <>
      <TextInput
        data-autofocus
        role="combobox"
        aria-expanded
        aria-controls="candidates"
        aria-activedescendant={s.chosen ? `candidate-${s.at}` : undefined}
        label={say("putThrough.search")}
        placeholder={say("putThrough.placeholder")}
        leftSection={<Search size={15} aria-hidden />}
        value={s.words}
        onChange={(e) => s.setWords(e.currentTarget.value)}
      />
      <Async of={s.query} empty={say("putThrough.none", { q: s.words })}>
        {(candidates) => (
          <div id="candidates" role="listbox" aria-label={say("putThrough.list")} className={styles["list"]}>
            {candidates.map((c, i) => (
              <Choice
                key={`${c.department.id}${c.person?.id}`}
                candidate={c}
                id={`candidate-${i}`}
                chosen={i === s.at}
                onPoint={() => s.setAt(i)}
              />
            ))}
          </div>
        )}
      </Async>
    </>
  );
}

function Choice({
  candidate: c,
  id,
  chosen,
  onPoint,
}: {
  candidate: Candidate;
  id: string;
  chosen: boolean;
  onPoint: () => void;
}) {
  return (
    <div
      id={id}
      role="option"
      aria-selected={chosen}
      className={styles["choice"]}
      onClick={onPoint}
      ref={(el) => (chosen ? el?.scrollIntoView?.({ block: "nearest" }) : undefined)}
    >
      <Face name={c.person?.name ?? c.department.name} square={!c.person} size={32} />
      <div className={styles["text"]}>
        <Text size="sm" fw={550} truncate>
          <bdi>{c.person?.name ?? c.department.name}</bdi>{" "}
          <Text span size="sm" c="dimmed" fw={400}>
            {c.person ? c.department.name : say("putThrough.queue")}
          </Text>
        </Text>
        <Text size="xs" c="dimmed" truncate>
          {c.reasons.join(" · ")}
        </Text>
      </div>
      <Text size="xs" className={styles["load"]} data-away={!c.working || undefined}>
        {c.working ? say("putThrough.load", { n: c.load }) : say("putThrough.away")}
      </Text>
    </div>
  );
}
