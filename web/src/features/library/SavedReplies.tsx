import { Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { MessageSquareText, Plus } from "lucide-react";
import { useState } from "react";
import type { SavedReply } from "@/api/types";
import { languageName } from "@/lib/text";
import { say } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { Async, Empty } from "@/ui/Async";
import { Chip } from "@/ui/Chip";
import { Page, Section } from "@/ui/Page";
import { deedTitle } from "./deeds";
import styles from "./Library.module.css";
import { savedQuery } from "./queries";
import { SavedDialogue } from "./SavedDialogue";

/** Short texts at hand: one's own, and those that are shared. */
export function SavedReplies() {
  const query = useQuery(savedQuery);
  const [open, setOpen] = useState<SavedReply | "new">();
  const [q, setQ] = useState("");
  const add = (
    <DeedButton deed="saved-add" hotkey="n" leftSection={<Plus size={16} aria-hidden />} onClick={() => setOpen("new")}>
      {say("saved.add")}
    </DeedButton>
  );
  return (
    <Page title={say("saved.title")} summary={say("saved.summary")} deeds={add}>
      <Async
        of={query}
        empty={
          <Empty icon={<MessageSquareText size={26} strokeWidth={1.4} />} deed={add}>
            <strong>{say("saved.empty")}</strong>
            <br />
            {say("saved.empty.how")}
          </Empty>
        }
      >
        {(list) => (
          <>
            {list.length > 7 && (
              <TextInput
                maw={360}
                type="search"
                aria-label={say("saved.search")}
                placeholder={say("saved.search")}
                value={q}
                onChange={(e) => setQ(e.currentTarget.value)}
              />
            )}
            <Groups list={list.filter((s) => holds(s, q))} q={q} onOpen={setOpen} />
          </>
        )}
      </Async>
      {open && (
        <SavedDialogue
          key={open === "new" ? "new" : open.id}
          saved={open === "new" ? undefined : open}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Page>
  );
}

const holds = (s: SavedReply, q: string) =>
  `${s.shortcut} ${s.name} ${s.text}`.toLowerCase().includes(q.trim().toLowerCase().replace(/^\//, ""));

function Groups({ list, q, onOpen }: { list: SavedReply[]; q: string; onOpen: (s: SavedReply) => void }) {
  if (list.length === 0) {
    return <Empty>{say("saved.none", { q })}</Empty>;
  }
  const titles = [...new Set(list.map(titleOf))];
  return titles.map((title) => (
    <Section key={title} title={title}>
      <ul className={styles["list"]}>
        {list
          .filter((s) => titleOf(s) === title)
          .map((s) => (
            <Line key={s.id} saved={s} onOpen={onOpen} />
          ))}
      </ul>
    </Section>
  ));
}

function titleOf(s: SavedReply): string {
  return s.own
    ? say("saved.own")
    : s.department
      ? say("saved.department", { name: s.department.name })
      : say("saved.shared");
}

function Line({ saved: s, onOpen }: { saved: SavedReply; onOpen: (s: SavedReply) => void }) {
  const change = s.can.includes("change");
  return (
    <li className={styles["line"]}>
      <div className={styles["main"]}>
        <span>
          <bdi className={styles["name"]}>{s.name}</bdi> <kbd>{`/${s.shortcut}`}</kbd>
        </span>
        <bdi className={styles["excerpt"]} lang={s.language || undefined}>
          {s.text}
        </bdi>
        <div className={styles["facts"]}>
          {s.language && <span>{languageName(s.language)}</span>}
          {s.deeds.map((d) => (
            <Chip key={d.do} tone="accent">
              {deedTitle(d)}
            </Chip>
          ))}
          {s.used > 0 && <span>{say("saved.used", { n: s.used })}</span>}
        </div>
      </div>
      <DeedButton
        deed="saved-edit"
        hotkey="e"
        inRow
        name={say(change ? "do.edit" : "do.show")}
        size="compact-sm"
        variant="default"
        aria-label={say(change ? "saved.edit" : "saved.show", { name: s.name })}
        onClick={() => onOpen(s)}
      >
        <Text span size="sm">
          {say(change ? "do.edit" : "do.show")}
        </Text>
      </DeedButton>
    </li>
  );
}
