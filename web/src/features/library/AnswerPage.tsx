import { ActionIcon, Button, Group, Tabs, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Archive, ArchiveRestore, CheckCheck, ChevronLeft, Copy, Pencil, ThumbsDown, ThumbsUp } from "lucide-react";
import { useMemo, useState } from "react";
import { answer, api } from "@/api/client";
import { useIntentTitle } from "@/api/intents";
import type { AnswerEntry, AnswerText, AnswerVersion } from "@/api/types";
import { type Action, deeds as deedsOf, useActions } from "@/lib/actions";
import { languageName } from "@/lib/text";
import { say, sayOr } from "@/lib/words";
import { ActionButton, DeedButton } from "@/ui/ActionButton";
import { Async } from "@/ui/Async";
import { When } from "@/ui/Due";
import { Html } from "@/ui/Html";
import { Card, Page, Section } from "@/ui/Page";
import { tell } from "@/ui/toast";
import { useDo } from "@/ui/useDo";
import { Marks, used } from "./Answers";
import { AnswerForm } from "./AnswerForm";
import styles from "./Library.module.css";
import { answerQuery, versionsQuery } from "./queries";

/** One entry: to read, to rate, to change; its history below. */
export function AnswerPage({ id }: { id: string }) {
  const query = useQuery(answerQuery(id));
  const [editing, setEditing] = useState(false);
  return (
    <Async of={query}>
      {(a) =>
        editing ? (
          <AnswerForm entry={a} onDone={() => setEditing(false)} />
        ) : (
          <Reading answer={a} onEdit={() => setEditing(true)} />
        )
      }
    </Async>
  );
}

interface Deeds {
  edit: () => void;
  set: (what: "archive" | "unarchive" | "reviewed") => void;
}

const mayChange = (a: AnswerEntry) => a.can.includes("change");
const actions: Action<AnswerEntry, Deeds>[] = [
  { id: "answer-edit", name: () => say("answer.edit"), key: "e", icon: Pencil, can: mayChange, run: (_, d) => d.edit() },
  { id: "answer-review", name: () => say("answer.review"), key: "v", icon: CheckCheck, can: (a) => mayChange(a) && a.stale !== "", run: (_, d) => d.set("reviewed") },
  { id: "answer-archive", name: () => say("answer.archive"), key: "x", icon: Archive, can: (a) => mayChange(a) && !a.archivedAt, run: (_, d) => d.set("archive") },
  { id: "answer-unarchive", name: () => say("answer.unarchive"), key: "x", icon: ArchiveRestore, can: (a) => mayChange(a) && a.archivedAt !== undefined, run: (_, d) => d.set("unarchive") },
]; // prettier-ignore

function Reading({ answer: a, onEdit }: { answer: AnswerEntry; onEdit: () => void }) {
  const { run } = useDo();
  const known = useMemo(() => {
    const call = (what: "archive" | "unarchive" | "reviewed") =>
      answer(api.POST(`/api/answers/{id}/${what}`, { params: { path: { id: a.id } }, body: {} }));
    const back = { archive: "unarchive", unarchive: "archive" } as const;
    const said = { archive: "answer.archived", unarchive: "answer.unarchived", reviewed: "answer.reviewed" } as const;
    const set: Deeds["set"] = (what) =>
      void run({
        call: () => call(what),
        said: say(said[what]),
        touches: [["answers"]],
        undo: what === "reviewed" ? undefined : () => run({ call: () => call(back[what]), touches: [["answers"]] }),
      });
    return deedsOf(actions, a, { edit: onEdit, set });
  }, [a, onEdit, run]);
  useActions(known);
  return (
    <Page
      title={a.title}
      before={
        <ActionIcon component={Link} to="/answers" size={36} aria-label={say("answers.title")}>
          <ChevronLeft size={20} aria-hidden />
        </ActionIcon>
      }
      deeds={known.map((d) => (
        <ActionButton key={d.id} deed={d} />
      ))}
    >
      <Group gap={6} mb="sm">
        <Marks answer={a} />
      </Group>
      {a.archivedAt && <Card tone="warn">{say("answer.isArchived")}</Card>}
      <div className={styles["columns"]}>
        <div>
          <Texts texts={a.texts} />
          <History answer={a} />
        </div>
        <Facts answer={a} />
      </div>
    </Page>
  );
}

/** The texts of an entry, one language at a time. */
function Texts({ texts }: { texts: AnswerText[] }) {
  const [language, setLanguage] = useState(texts[0]?.language ?? "");
  const text = texts.find((t) => t.language === language) ?? texts[0];
  return (
    <>
      {texts.length > 1 && (
        <Tabs value={text?.language ?? null} onChange={(l) => setLanguage(l ?? "")} mb="sm">
          <Tabs.List aria-label={say("answers.language")}>
            {texts.map((t) => (
              <Tabs.Tab key={t.language} value={t.language}>
                {languageName(t.language)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </Tabs>
      )}
      {text && <Shown text={text} />}
    </>
  );
}

/** A text as it is read, and as it is sent. */
export function Shown({ text: t }: { text: AnswerText }) {
  const copy = async () => {
    await navigator.clipboard.writeText(t.plain);
    tell(say("answer.copied"));
  };
  const known = t.variables.filter((v) => !t.unknown.includes(v));
  return (
    <div className={styles["paper"]}>
      {t.title && (
        <Text fw={600} mb={6} lang={t.language}>
          <bdi>{t.title}</bdi>
        </Text>
      )}
      <Html html={t.html} lang={t.language} />
      <details>
        <summary>
          <Text span size="xs" c="dimmed">
            {say("answer.asSent")}
          </Text>
        </summary>
        <pre className={styles["plain"]} dir="auto">
          {t.plain}
        </pre>
      </details>
      {known.length > 0 && (
        <Text size="xs" c="dimmed" mt={6}>
          {say("answer.variables", { names: known.join(", ") })}
        </Text>
      )}
      {t.unknown.length > 0 && (
        <Text size="xs" c="dimmed">
          {say("answer.unknown", { names: t.unknown.join(", ") })}
        </Text>
      )}
      <Button mt="xs" size="compact-xs" variant="default" leftSection={<Copy size={12} aria-hidden />} onClick={() => void copy()}>
        {say("answer.copy")}
      </Button>
    </div>
  ); // prettier-ignore
}

function Facts({ answer: a }: { answer: AnswerEntry }) {
  const intent = useIntentTitle();
  return (
    <aside aria-label={say("answer.owner")}>
      <dl className={styles["props"]}>
        <Fact name={say("answer.owner")}>
          {a.owner.person ? `${a.owner.person.name}, ${a.owner.department.name}` : a.owner.department.name}
        </Fact>
        <Fact name={say("answer.reviewAt")}>{a.reviewAt ? <When at={a.reviewAt} /> : say("answer.reviewAt.never")}</Fact>
        <Fact name={say("answer.use")}>{used(a)}</Fact>
        {a.can.includes("rate") && (
          <Fact name={say("answer.thumbs")}>
            <Thumbs answer={a} />
          </Fact>
        )}
        {a.topics.length > 0 && <Fact name={say("answer.topics")}>{a.topics.map((t) => t.name).join(", ")}</Fact>}
        {a.intents.length > 0 && <Fact name={say("answer.intents")}>{a.intents.map(intent).join(", ")}</Fact>}
        {a.tags.length > 0 && <Fact name={say("answer.tags")}>{a.tags.join(", ")}</Fact>}
      </dl>
    </aside>
  ); // prettier-ignore
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Thumbs({ answer: a }: { answer: AnswerEntry }) {
  const { busy, run } = useDo();
  const rate = (thumb: "up" | "down") =>
    void run({
      call: () =>
        answer(
          api.PUT("/api/answers/{id}/thumb", {
            params: { path: { id: a.id } },
            body: { thumb: a.thumb === thumb ? "none" : thumb },
          }),
        ),
      touches: [["answers"]],
    });
  return (
    <Group gap={6}>
      {([["up", ThumbsUp, a.up, "answer.helps"], ["down", ThumbsDown, a.down, "answer.helpsNot"]] as const).map(
        ([which, Icon, n, name]) => (
          <DeedButton
            key={which}
            deed={`thumb-${which}`}
            hotkey={which === "up" ? "+" : "-"}
            name={say(name)}
            size="compact-sm"
            variant={a.thumb === which ? "light" : "default"}
            aria-pressed={a.thumb === which}
            aria-label={`${say(name)}: ${n}`}
            disabled={busy}
            leftSection={<Icon size={14} aria-hidden />}
            onClick={() => rate(which)}
          >
            {n}
          </DeedButton>
        ),
      )}
    </Group>
  ); // prettier-ignore
}

function History({ answer: a }: { answer: AnswerEntry }) {
  const [open, setOpen] = useState(false);
  const query = useQuery({ ...versionsQuery(a.id), enabled: open });
  return (
    <Section
      title={say("answer.history")}
      deeds={
        <DeedButton
          deed="history"
          hotkey="h"
          name={say("answer.history")}
          size="compact-sm"
          variant="subtle"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {say(open ? "answer.hide" : "do.show")}
        </DeedButton>
      }
    >
      {open && (
        <Async of={query}>
          {(list) => (
            <ul className={styles["list"]}>
              {list.map((v) => (
                <Version key={v.number} of={a} version={v} />
              ))}
            </ul>
          )}
        </Async>
      )}
    </Section>
  );
}

function Version({ of: a, version: v }: { of: AnswerEntry; version: AnswerVersion }) {
  const [open, setOpen] = useState(false);
  const { busy, run } = useDo();
  const deed = sayOr(`answer.deed.${v.deed.split(" ")[0]}`, v.deed);
  const restore = () =>
    void run({
      call: () =>
        answer(
          api.POST("/api/answers/{id}/versions/{number}/restore", {
            params: { path: { id: a.id, number: v.number } },
            body: {},
          }),
        ),
      said: say("answer.version.restored", { n: v.number }),
      touches: [["answers"]],
    });
  return (
    <li className={styles["version"]}>
      <Group gap="sm">
        <Text size="sm" fw={550}>
          {say("answer.version", { n: v.number })}
        </Text>
        <Text size="sm" c="dimmed">
          {say("answer.version.by", { deed, name: v.person?.name ?? say("answer.somebody") })} <When at={v.at} />
        </Text>
        <Button size="compact-xs" variant="subtle" aria-expanded={open} aria-label={say("answer.version.show", { n: v.number })} onClick={() => setOpen(!open)}>
          {say(open ? "answer.hide" : "do.show")}
        </Button>
        {a.can.includes("change") && v.number !== a.version && (
          <Button size="compact-xs" variant="default" loading={busy} aria-label={say("answer.version.restore.label", { n: v.number })} onClick={restore}>
            {say("answer.version.restore")}
          </Button>
        )}
      </Group>
      {open && v.texts.map((t) => <Shown key={t.language} text={t} />)}
    </li>
  ); // prettier-ignore
}
