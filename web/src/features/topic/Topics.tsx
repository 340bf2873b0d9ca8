import { Group, Switch, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { topicsQuery } from "@/api/queries";
import { useMay } from "@/api/session";
import type { Topic } from "@/api/types";
import { say } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { Async, Empty } from "@/ui/Async";
import { Page, Section } from "@/ui/Page";
import { useDo } from "@/ui/useDo";
import { TopicConversations } from "./TopicConversations";
import { TopicDialogue } from "./TopicDialogue";
import { TopicSuggestions } from "./TopicSuggestions";
import styles from "./Topics.module.css";
import { TopicTrial } from "./TopicTrial";

const kinds: Topic["kind"][] = ["product", "place", "campaign", "other"];

/** The dictionary of what people write about. */
export function Topics() {
  const may = useMay("departments.manage");
  const query = useQuery(topicsQuery);
  const [open, setOpen] = useState<Topic | "new" | null>(null);
  const [shown, setShown] = useState<Topic | null>(null);
  return (
    <Page
      title={say("topics.title")}
      summary={say("topics.summary")}
      deeds={
        may && (
          <DeedButton
            deed="topic-add"
            hotkey="n"
            leftSection={<Plus size={16} aria-hidden />}
            onClick={() => setOpen("new")}
          >
            {say("topics.add")}
          </DeedButton>
        )
      }
    >
      <TopicTrial />
      {may && <TopicSuggestions topics={query.data ?? []} />}
      <Async of={query} empty={say("topics.empty")}>
        {(topics) => <List topics={topics} onOpen={setOpen} onShow={setShown} />}
      </Async>
      {open && (
        <TopicDialogue
          key={open === "new" ? "new" : open.key}
          topic={open === "new" ? undefined : open}
          onClose={() => setOpen(null)}
        />
      )}
      {shown && <TopicConversations topic={shown} onClose={() => setShown(null)} />}
    </Page>
  );
}

interface ListProps {
  topics: Topic[];
  onOpen: (topic: Topic) => void;
  onShow: (topic: Topic) => void;
}

/** By kind; from a dozen on they can be searched. */
function List({ topics, onOpen, onShow }: ListProps) {
  const [q, setQ] = useState("");
  const asked = q.trim().toLowerCase();
  const some = topics.filter((t) => [t.name, ...t.phrases].some((p) => p.toLowerCase().includes(asked)));
  return (
    <>
      {topics.length > 11 && (
        <TextInput
          maw={360}
          mt="md"
          type="search"
          aria-label={say("topics.search")}
          placeholder={say("topics.search")}
          value={q}
          onChange={(e) => setQ(e.currentTarget.value)}
        />
      )}
      {some.length === 0 && <Empty>{say("topics.none", { q: q.trim() })}</Empty>}
      {kinds.map((kind) => {
        const of = some.filter((t) => t.kind === kind);
        return of.length === 0 ? null : (
          <Section key={kind} title={say(`topics.kinds.${kind}`)}>
            <ul className={styles["list"]}>
              {of.map((t) => (
                <Line key={t.key} topic={t} onOpen={onOpen} onShow={onShow} />
              ))}
            </ul>
          </Section>
        );
      })}
    </>
  );
}

function Line({ topic: t, onOpen, onShow }: { topic: Topic } & Omit<ListProps, "topics">) {
  const { busy, run } = useDo();
  const manages = t.can.includes("manage");
  const flip = (enabled: boolean) =>
    run({
      call: () =>
        answer(
          api.PATCH("/api/topics/{key}", { params: { path: { key: t.key } }, body: { enabled, version: t.version } }),
        ),
      said: say(enabled ? "topics.switched.on" : "topics.switched.off"),
      touches: [["topics"]],
    });
  return (
    <li className={styles["line"]} data-off={!t.enabled || undefined}>
      <span className={styles["main"]}>
        <bdi className={styles["name"]}>{t.name}</bdi>
        <bdi className={styles["phrases"]}>{t.phrases.length > 0 ? t.phrases.join(" · ") : say("topics.byName")}</bdi>
      </span>
      {t.count !== 0 ? (
        <DeedButton
          deed="topic-conversations"
          hotkey="o"
          inRow
          name={say("topics.show")}
          size="compact-sm"
          variant="subtle"
          title={say("topics.count.open", { name: t.name })}
          onClick={() => onShow(t)}
        >
          {t.count === undefined ? say("topics.conversations") : say("topics.count", { n: t.count })}
          <span className="sr"> {t.name}</span>
        </DeedButton>
      ) : (
        <Text size="xs" c="dimmed">
          {say("topics.count.none")}
        </Text>
      )}
      <Group gap="sm" wrap="nowrap">
        <Switch
          checked={t.enabled}
          disabled={!manages || busy}
          aria-label={say("topics.on", { name: t.name })}
          onChange={(e) => void flip(e.currentTarget.checked)}
        />
        <DeedButton
          deed="topic-edit"
          hotkey="e"
          inRow
          size="compact-sm"
          variant="default"
          aria-label={say("topics.edit", { name: t.name })}
          onClick={() => onOpen(t)}
        >
          {say(manages ? "do.edit" : "do.show")}
        </DeedButton>
      </Group>
    </li>
  );
}
