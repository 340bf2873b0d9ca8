import "@/ui/forms";
import {
  Button,
  Checkbox,
  CloseButton,
  Group,
  Modal,
  NativeSelect,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useQueries, useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import { answer, api } from "@/api/client";
import { askingWayQuery } from "@/api/queries";
import { useMe } from "@/api/session";
import type { Candidate, Row } from "@/api/types";
import { useDraft } from "@/lib/drafts";
import { useNow } from "@/lib/now";
import { soon } from "@/lib/time";
import { say } from "@/lib/words";
import { Chip } from "@/ui/Chip";
import { complain, tell } from "@/ui/toast";
import { useZone } from "@/ui/Zone";
import { heard } from "./asking";
import { instantFrom } from "./promise";
import { useWhoKnows, WhoKnows } from "./WhoKnows";
import "./words";

const nameOf = (c: Candidate) => c.person?.name ?? c.department.name;
const keyOf = (c: Candidate) => `${c.department.id}:${c.person?.id ?? ""}`;

type When = "" | "hour" | "today" | "tomorrow" | "friday" | "other";
type Shows = "conversation" | "message" | "question";

/** By when and how each of those who are to be asked can be asked. */
function useWays(list: Candidate[]) {
  const found = useQueries({ queries: list.map((c) => askingWayQuery(c.department.id, c.person?.id)) });
  const ways = found.map((f) => f.data);
  return {
    due: ways[0]?.due ?? [],
    ready: ways.some((w) => w?.mail.ready),
    known: ways.some((w) => w !== undefined),
    wanted: (c: Candidate) => ways[list.indexOf(c)]?.mail.wanted ?? false,
    why: ways.flatMap((w) => (w?.mail.why ? [w.mail.why] : [])).join(" "),
  };
}

/** Asks one or several who know; the conversation stays where it is. */
export function AskDialogue({ on, onClose }: { on: Row; onClose: () => void }) {
  const queries = useQueryClient();
  const search = useWhoKnows(on);
  const [added, setAdded] = useState<Candidate[]>([]);
  const [text, setText] = useDraft(`${useMe().id}:${on.id}:question`);
  const [when, setWhen] = useState<When>("");
  const [time, setTime] = useState("");
  const now = useNow();
  const zone = useZone();
  const due = when === "other" ? instantFrom(time, zone) : undefined;
  const unfit = when === "other" && (!due || Date.parse(due) <= now);
  const [shows, setShows] = useState<Shows>("conversation");
  const [mail, setMail] = useState<boolean>();
  const [busy, setBusy] = useState(false);
  const list = added.length > 0 ? added : search.chosen ? [search.chosen] : [];
  const ways = useWays(list);
  const byMail = (c: Candidate) => ways.ready && (mail ?? ways.wanted(c));

  // Whoever is quicker than the question how they are best asked still asks them that way.
  const one = async (c: Candidate) => {
    const way = await queries.ensureQueryData(askingWayQuery(c.department.id, c.person?.id)).catch(() => undefined);
    return {
      department: c.department.id,
      ...(c.person ? { person: c.person.id } : {}),
      ...(way?.mail.ready && (mail ?? way.mail.wanted) ? { mail: true } : {}),
    };
  };
  const what = {
    text: text.trim(),
    ...(when && when !== "other" ? { when } : {}),
    ...(due ? { due } : {}),
    ...(shows === "conversation" ? {} : { shows }),
  };

  async function submit() {
    const [first] = list;
    if (!first || !text.trim() || busy || unfit) {
      return;
    }
    setBusy(true);
    const params = { path: { id: on.id } };
    try {
      if (list.length > 1) {
        const body = { to: await Promise.all(list.map(one)), ...what };
        await answer(api.POST("/api/conversations/{id}/requests/several", { params, body }));
        tell(say("ask.did.several", { n: list.length }));
      } else {
        await answer(
          api.POST("/api/conversations/{id}/requests", { params, body: { ...(await one(first)), ...what } }),
        );
        tell(say("ask.did", { name: nameOf(first) }));
      }
      setText("");
      heard(queries, on.id);
      onClose();
    } catch (error) {
      complain(error);
      setBusy(false);
    }
  }
  const onKey = (event: KeyboardEvent) => {
    if (search.onKey(event) || event.key !== "Enter") {
      return;
    }
    if (event.metaKey || event.ctrlKey) {
      event.preventDefault();
      void submit();
    } else if (event.target instanceof HTMLInputElement && event.target.type === "text") {
      // Who is chosen; what is asked comes next.
      event.preventDefault();
      document.getElementById("ask-text")?.focus();
    }
  };
  const add = () => {
    if (search.chosen && !added.some((c) => search.chosen && keyOf(c) === keyOf(search.chosen))) {
      setAdded([...added, search.chosen]);
    }
    search.setWords("");
  };

  return (
    <Modal opened onClose={onClose} title={say("ask.title", { who: on.contact.name })} size="lg" onKeyDown={onKey}>
      <Stack gap="sm">
        <WhoKnows search={search} />
        <Group gap="xs">
          {added.map((c) => (
            <Chip key={keyOf(c)} tone="note">
              {nameOf(c)}{" "}
              <CloseButton
                size="xs"
                aria-label={say("ask.remove", { name: nameOf(c) })}
                onClick={() => setAdded(added.filter((a) => a !== c))}
              />
            </Chip>
          ))}
          {search.chosen && added.length < 10 && (
            <Button size="compact-xs" variant="subtle" onClick={add}>
              {say("ask.add")}
            </Button>
          )}
        </Group>
        <Textarea
          id="ask-text"
          autosize
          minRows={2}
          maxRows={8}
          maxLength={2000}
          label={say("ask.text")}
          placeholder={say("ask.text.placeholder")}
          value={text}
          onChange={(e) => setText(e.currentTarget.value)}
        />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <DueChoice choices={ways.due} value={when} onChange={setWhen} />
          <NativeSelect
            label={say("ask.shows")}
            value={shows}
            onChange={(e) => setShows(e.currentTarget.value as Shows)}
            data={(["conversation", "message", "question"] as const).map((value) => ({
              value,
              label: say(`ask.shows.${value}`),
            }))}
          />
        </SimpleGrid>
        {when === "other" && (
          <TextInput
            type="datetime-local"
            label={say("ask.due.at")}
            value={time}
            error={due && unfit ? say("snooze.past") : undefined}
            onChange={(e) => setTime(e.currentTarget.value)}
          />
        )}
        {ways.ready && (
          <Checkbox
            label={say("ask.mail")}
            description={`${ways.why} ${say("ask.mail.help")}`.trim()}
            checked={list.some(byMail)}
            onChange={(e) => setMail(e.currentTarget.checked)}
          />
        )}
        {ways.known && !ways.ready && ways.why && (
          <Text size="xs" c="dimmed">
            {ways.why} {say("ask.mail.off")}
          </Text>
        )}
        <Text size="xs" c="dimmed">
          {say(shows === "conversation" ? "ask.help" : "ask.help.limited")}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {say("do.cancel")}
          </Button>
          <Button
            color="note"
            loading={busy}
            disabled={list.length === 0 || !text.trim() || unfit}
            onClick={() => void submit()}
          >
            {list.length > 1
              ? say("ask.do.several", { n: list.length })
              : list[0]
                ? say("ask.do", { name: nameOf(list[0]) })
                : say("do.ask")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function DueChoice({
  choices,
  value,
  onChange,
}: {
  choices: { when: Exclude<When, "" | "other">; at: string }[];
  value: When;
  onChange: (when: When) => void;
}) {
  const now = useNow();
  const zone = useZone();
  return (
    <NativeSelect
      label={say("ask.due")}
      value={value}
      onChange={(e) => onChange(e.currentTarget.value as When)}
      data={[
        { value: "", label: say("ask.due.usual") },
        ...choices.map((c) => ({
          value: c.when,
          label: say("ask.due.choice", { name: say(`ask.due.${c.when}`), when: soon(c.at, now, zone) }),
        })),
        { value: "other", label: say("ask.due.other") },
      ]}
    />
  );
}
