import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { type KeyboardEvent, useEffect, useState } from "react";
import { candidatesQuery } from "@/api/queries";
import type { Candidate, Row } from "@/api/types";
import { say } from "@/lib/words";
import { Async } from "@/ui/Async";
import { Face } from "@/ui/Face";
import { useDesk } from "./DeskProvider";
import styles from "./PutThrough.module.css";

const none: Candidate[] = [];

/** "Who knows?": the best people and departments first, each with the reason. P, Enter puts it through to the best. */
export function PutThroughDialogue({ on, onClose }: { on: Row; onClose: () => void }) {
  const { deeds } = useDesk();
  const [words, setWords] = useState("");
  const [asked] = useDebouncedValue(words.trim(), 120);
  const [reason, setReason] = useState("");
  const [at, setAt] = useState(0);
  const query = useQuery(candidatesQuery(on.id, asked));
  const list = query.data ?? none;
  const chosen = list[Math.min(at, list.length - 1)];

  useEffect(() => {
    // A new search begins at its best.
    setAt(0);
  }, [asked]);

  const go = (to: Candidate) => {
    onClose();
    void deeds.handover(on, to, reason.trim());
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setAt(Math.max(0, Math.min(list.length - 1, at + step)));
    } else if (event.key === "Enter" && chosen && event.target instanceof HTMLInputElement) {
      event.preventDefault();
      go(chosen);
    }
  };

  return (
    <Modal
      opened
      onClose={onClose}
      title={say("putThrough.title", { who: on.contact.name })}
      size="lg"
      onKeyDown={onKey}
    >
      <Stack gap="sm">
        <TextInput
          data-autofocus
          role="combobox"
          aria-expanded
          aria-controls="candidates"
          aria-activedescendant={chosen ? `candidate-${at}` : undefined}
          label={say("putThrough.search")}
          placeholder={say("putThrough.placeholder")}
          leftSection={<Search size={15} aria-hidden />}
          value={words}
          onChange={(e) => setWords(e.currentTarget.value)}
        />
        <Async of={query} empty={say("putThrough.none", { q: words })}>
          {(candidates) => (
            <div id="candidates" role="listbox" aria-label={say("putThrough.list")} className={styles["list"]}>
              {candidates.map((c, i) => (
                <Choice
                  key={`${c.department.id}${c.person?.id}`}
                  candidate={c}
                  id={`candidate-${i}`}
                  chosen={i === at}
                  onPoint={() => setAt(i)}
                />
              ))}
            </div>
          )}
        </Async>
        <TextInput
          label={say("putThrough.reason")}
          placeholder={say("putThrough.reason.placeholder")}
          value={reason}
          onChange={(e) => setReason(e.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {say("do.cancel")}
          </Button>
          <Button disabled={!chosen} onClick={() => chosen && go(chosen)}>
            {chosen
              ? say("putThrough.do", { name: chosen.person?.name ?? chosen.department.name })
              : say("do.handover")}
          </Button>
        </Group>
      </Stack>
    </Modal>
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
