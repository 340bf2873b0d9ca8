import { Button, CloseButton, Group, Menu, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useState } from "react";
import { departmentsQuery, peopleQuery } from "@/api/queries";
import { useMe } from "@/api/session";
import type { ConversationFilter } from "@/api/types";
import { type Deed, useActions } from "@/lib/actions";
import { say } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { complain, tell } from "@/ui/toast";
import { useNow } from "@/lib/now";
import { useZone } from "@/ui/Zone";
import { type Bulk, everyRow, mostChosen, useBulk } from "./bulk";
import type { Selection } from "./selection";
import { snoozeChoices } from "./snooze";
import styles from "./Bulk.module.css";

const AlikeDialogue = lazy(() => import("./AlikeDialogue").then((m) => ({ default: m.AlikeDialogue })));

type Asking = "handover" | "snooze" | "tag" | "alike";

/** Stands above the list while something is chosen: how many, and what can be done to all of them. */
export function BulkBar({ selection, filter }: { selection: Selection; filter: ConversationFilter }) {
  const bulk = useBulk(selection.clear);
  const [asking, setAsking] = useState<Asking>();
  const [reading, setReading] = useState(false);
  const n = selection.rows.length;
  const run = (what: Bulk) => {
    setAsking(undefined);
    void bulk.start(what, selection.rows);
  };
  const all = async () => {
    setReading(true);
    try {
      const rows = await everyRow(filter);
      selection.set(rows);
      if (rows.length >= mostChosen) {
        tell(say("bulk.most", { n: mostChosen }));
      }
    } catch (error) {
      complain(error);
    } finally {
      setReading(false);
    }
  };
  const closed = filter.state === "closed" || filter.view === "aside";
  useBulkKeys(selection, closed, bulk.progress !== undefined, run, setAsking);
  if (bulk.progress) {
    return (
      <div className={styles["bar"]} role="status">
        <Text size="sm">{say("bulk.working", { done: bulk.progress.done, n: bulk.progress.of })}</Text>
        <Button size="compact-sm" variant="default" onClick={bulk.stop}>
          {say("bulk.stop")}
        </Button>
      </div>
    );
  }
  return (
    <div className={styles["bar"]} role="toolbar" aria-label={say("bulk.label")}>
      <CloseButton size="sm" aria-label={say("bulk.none")} onClick={selection.clear} />
      <Text size="sm" fw={600} component="span" aria-live="polite">
        {say("bulk.selected", { n })}
      </Text>
      <DeedButton
        deed="bulk-all"
        hotkey="A"
        size="compact-sm"
        variant="subtle"
        loading={reading}
        onClick={() => void all()}
      >
        {say("bulk.all")}
      </DeedButton>
      <span className={styles["push"]} />
      <Button size="compact-sm" onClick={() => run({ do: closed ? "reopen" : "close" })}>
        {say(closed ? "bulk.reopen" : "bulk.close")}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button size="compact-sm" variant="default">
            {say("bulk.more")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => run({ do: "claim" })}>{say("bulk.claim")}</Menu.Item>
          <Menu.Item onClick={() => setAsking("handover")}>{say("bulk.handover")}</Menu.Item>
          <Menu.Item onClick={() => setAsking("snooze")}>{say("bulk.snooze")}</Menu.Item>
          <Menu.Item onClick={() => setAsking("tag")}>{say("bulk.tag")}</Menu.Item>
          <Menu.Item onClick={() => run({ do: "read" })}>{say("bulk.read")}</Menu.Item>
          {!closed && <Menu.Item onClick={() => run({ do: "aside" })}>{say("bulk.aside")}</Menu.Item>}
          <Menu.Divider />
          <Menu.Item onClick={() => setAsking("alike")}>{say("bulk.alike")}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asking === "handover" && <HandoverAll n={n} onDo={run} onClose={() => setAsking(undefined)} />}
      {asking === "snooze" && <SnoozeAll onDo={run} onClose={() => setAsking(undefined)} />}
      {asking === "tag" && <TagAll n={n} onDo={run} onClose={() => setAsking(undefined)} />}
      <Suspense>
        {asking === "alike" && <AlikeDialogue rows={selection.rows} onClose={() => setAsking(undefined)} />}
      </Suspense>
    </div>
  );
}

/**
 * While something is chosen, the keys of one conversation are the keys of all that are chosen: the same deeds, by their
 * ids. While it is being done to them, those keys do nothing: neither to them nor to the one conversation beside them.
 */
function useBulkKeys(
  { clear }: Selection,
  closed: boolean,
  working: boolean,
  run: (what: Bulk) => void,
  ask: (what: Asking) => void,
) {
  const known = useMemo(
    (): Deed[] =>
      (
        [
          closed
            ? { id: "reopen", name: say("bulk.reopen"), key: "e", run: () => run({ do: "reopen" }) }
            : { id: "close", name: say("bulk.close"), key: "e", run: () => run({ do: "close" }) },
          { id: "claim", name: say("bulk.claim"), key: "c", run: () => run({ do: "claim" }) },
          { id: "handover", name: say("bulk.handover"), key: "p", run: () => ask("handover") },
          { id: "snooze", name: say("bulk.snooze"), key: "z", run: () => ask("snooze") },
          { id: "tags", name: say("bulk.tag"), key: "t", run: () => ask("tag") },
          { id: "bulk-read", name: say("bulk.read"), key: "I", run: () => run({ do: "read" }) },
          ...(closed ? [] : [{ id: "aside", name: say("bulk.aside"), key: "s", run: () => run({ do: "aside" }) }]),
          { id: "bulk-alike", name: say("bulk.alike"), key: "L", run: () => ask("alike") },
          { id: "to-list", name: say("bulk.none"), key: "Escape", run: clear },
        ] satisfies Deed[]
      ).map((d) => ({ ...d, first: true, ...(working ? { hidden: true, run: nothing } : {}) })),
    [closed, working, run, ask, clear],
  );
  useActions(known);
}

function nothing() {}

interface Ask {
  onDo: (what: Bulk) => void;
  onClose: () => void;
}

/** Which department, or which person of one, is to have all of them. */
export function HandoverAll({ n, onDo, onClose }: Ask & { n: number }) {
  const me = useMe();
  const departments = useQuery(departmentsQuery).data ?? [];
  const people = useQuery({ ...peopleQuery(), enabled: me.can.includes("people.see") }).data ?? [];
  const [department, setDepartment] = useState<string | null>(null);
  const [person, setPerson] = useState<string | null>(null);
  const members = people.filter((p) => department && p.departments.some((d) => d.id === department));
  return (
    <Modal opened onClose={onClose} title={say("bulk.handover.title", { n })} size="sm">
      <Stack>
        <Select
          data-autofocus
          searchable
          label={say("bulk.handover.to")}
          data={departments.map((d) => ({ value: d.id, label: d.name }))}
          value={department}
          onChange={(d) => {
            setDepartment(d);
            setPerson(null);
          }}
        />
        <Select
          clearable
          searchable
          label={say("bulk.handover.person")}
          placeholder={say("bulk.handover.anyone")}
          data={members.map((p) => ({ value: p.id, label: p.name }))}
          value={person}
          onChange={setPerson}
        />
        <Group justify="flex-end">
          <Button
            disabled={!department}
            onClick={() => department && onDo({ do: "handover", department, ...(person ? { person } : {}) })}
          >
            {say("bulk.handover")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function SnoozeAll({ onDo, onClose }: Ask) {
  const now = useNow();
  const zone = useZone();
  return (
    <Modal opened onClose={onClose} title={say("snooze.title")} size="sm">
      <Stack gap={4}>
        {snoozeChoices(now, zone).map((c, i) => (
          <Button
            key={c.name}
            variant="subtle"
            justify="flex-start"
            data-autofocus={i === 0 || undefined}
            onClick={() => onDo({ do: "snooze", until: c.until })}
          >
            {c.name}
          </Button>
        ))}
      </Stack>
    </Modal>
  );
}

function TagAll({ n, onDo, onClose }: Ask & { n: number }) {
  const [tag, setTag] = useState("");
  return (
    <Modal opened onClose={onClose} title={say("bulk.tag.title", { n })} size="sm">
      <form
        onSubmit={(e) => {
          e.preventDefault();
          if (tag.trim()) {
            onDo({ do: "tag", tag: tag.trim() });
          }
        }}
      >
        <Stack>
          <TextInput
            data-autofocus
            label={say("bulk.tag.label")}
            value={tag}
            onChange={(e) => setTag(e.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button type="submit">{say("bulk.tag")}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
