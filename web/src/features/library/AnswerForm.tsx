import {
  Button,
  Group,
  MultiSelect,
  NativeSelect,
  Select,
  Stack,
  TagsInput,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { answer, api } from "@/api/client";
import { departmentsQuery, intentsQuery, peopleQuery, topicsQuery } from "@/api/queries";
import type { AnswerBody, AnswerEntry, ProposedAnswer } from "@/api/types";
import { Problem } from "@/lib/http";
import { keepDraft, keptDraft } from "@/lib/drafts";
import { languageName } from "@/lib/text";
import { say } from "@/lib/words";
import { fieldErrors } from "@/ui/form";
import { Card, Page, Section } from "@/ui/Page";
import { useDo } from "@/ui/useDo";
import { Shown } from "./AnswerPage";
import { languages } from "./languages";
import styles from "./Library.module.css";
import { previewQuery } from "./queries";
import { Taken } from "./Taken";

interface Props {
  entry?: AnswerEntry | undefined;
  proposed?: ProposedAnswer | undefined;
  onDone: (entry?: AnswerEntry) => void;
}

type Words = AnswerBody["texts"][number];

const bodyOf = (a: AnswerEntry): AnswerBody => ({
  department: a.owner.department.id,
  ...(a.owner.person ? { person: a.owner.person.id } : {}),
  audience: a.audience,
  ...(a.reviewAt ? { reviewAt: a.reviewAt } : {}),
  topics: a.topics.map((t) => t.key),
  intents: a.intents,
  tags: a.tags,
  for: a.for.map((d) => d.id),
  texts: a.texts.map(({ language, title, body }) => ({ language, title, body })),
});

const begun = (p: ProposedAnswer | undefined): AnswerBody => ({
  ...(p ? { department: p.department.id } : {}),
  audience: p?.audience ?? "public",
  reviewAt: p?.reviewAt ?? new Date(Math.ceil(Date.now() / 86400_000 + 365) * 86400_000).toISOString(),
  topics: p?.topics.map((t) => t.key) ?? [],
  intents: p?.intents ?? [],
  tags: [],
  for: [],
  texts: [p ? { language: p.text.language, title: p.text.title, body: p.text.body } : { language: "en", title: "", body: "" }],
}); // prettier-ignore

/** What is written is kept in the browser under this name until it is saved. */
const draftOf = (entry?: AnswerEntry, proposed?: ProposedAnswer) =>
  proposed ? "" : `answer:${entry ? `${entry.id}:${entry.version}` : "new"}`;

/** An entry being written. Nothing of it is lost: not when somebody else saves first, not when the page goes. */
export function AnswerForm({ entry, proposed, onDone }: Props) {
  const name = draftOf(entry, proposed);
  const [body, setBody] = useState<AnswerBody>(() => kept(name) ?? (entry ? bodyOf(entry) : begun(proposed)));
  const [version, setVersion] = useState(entry?.version ?? 0);
  const [at, setAt] = useState(0);
  const [errors, setErrors] = useState<Record<string, ReactNode>>({});
  const [theirs, setTheirs] = useState<AnswerEntry>();
  const { busy, run } = useDo();
  const set = (change: Partial<AnswerBody>) => replace({ ...body, ...change });
  const replace = (next: AnswerBody) => {
    setBody(next);
    if (name) {
      keepDraft(name, JSON.stringify(next));
    }
  };
  const write = (change: Partial<Words>) =>
    set({ texts: body.texts.map((t, i) => (i === at ? { ...t, ...change } : t)) });
  const words = body.texts[Math.min(at, body.texts.length - 1)] ?? { language: "en", title: "", body: "" };

  const save = (over = version) =>
    run({
      call: () =>
        answer(
          entry
            ? api.PUT("/api/answers/{id}", { params: { path: { id: entry.id } }, body: { ...body, version: over } })
            : api.POST("/api/answers", { body }),
        ),
      said: say(entry ? "answerForm.saved" : "answerForm.added"),
      touches: [["answers"]],
      then: (saved) => {
        keepDraft(name, "");
        onDone(saved);
      },
      failed: (error) => {
        if (entry && error instanceof Problem && error.status === 409) {
          void answer(api.GET("/api/answers/{id}", { params: { path: { id: entry.id } } })).then(setTheirs);
          return true;
        }
        const wrong = fieldErrors(error);
        setErrors(wrong);
        return ["texts", "audience", "owner", "topics", "intents", "tags", "for"].some((f) => f in wrong);
      },
    });
  const take = (a: AnswerEntry) => {
    keepDraft(name, "");
    setBody(bodyOf(a));
    setVersion(a.version);
    setTheirs(undefined);
  };

  return (
    <Page
      title={entry ? entry.title : say("answer.new")}
      deeds={
        <Button variant="default" onClick={() => (keepDraft(name, ""), onDone(entry))}>
          {say("do.cancel")}
        </Button>
      }
    >
      <form
        onSubmit={(e: FormEvent) => {
          e.preventDefault();
          void save();
        }}
      >
        {theirs && (
          <Card tone="warn">
            <Text size="sm" mb="xs" role="alert">
              {say("answerForm.conflict", { name: theirs.changedBy?.name ?? say("answer.somebody") })}
            </Text>
            {theirs.texts.map((t) => (
              <Shown key={t.language} text={t} />
            ))}
            <Group mt="xs">
              <Button size="xs" onClick={() => void save(theirs.version)}>
                {say("answerForm.conflict.mine")}
              </Button>
              <Button size="xs" variant="default" onClick={() => take(theirs)}>
                {say("answerForm.conflict.theirs")}
              </Button>
            </Group>
          </Card>
        )}
        {proposed && <Taken marks={proposed.marks} text={words.body} onText={(text) => write({ body: text })} />}
        <Stack gap="sm" mt="sm">
          <Languages body={body} at={at} onAt={setAt} onTexts={(texts) => set({ texts })} />
          <TextInput
            required
            maxLength={160}
            label={say("answerForm.title")}
            description={say("answerForm.title.help")}
            lang={words.language}
            value={words.title}
            error={errors["texts"]}
            onChange={(e) => write({ title: e.currentTarget.value })}
          />
          <div className={styles["two"]}>
            <Textarea
              required
              autosize
              minRows={8}
              maxRows={24}
              label={say("answerForm.body")}
              description={say("answerForm.body.help", { variables: "{{contact.first_name}}, {{me.name}}, {{account}} …" })}
              lang={words.language}
              dir="auto"
              value={words.body}
              onChange={(e) => write({ body: e.currentTarget.value })}
            />
            <Preview body={words.body} />
          </div>
          <Properties body={body} set={set} replace={replace} errors={errors} />
        </Stack>
        <Group mt="lg">
          <Button type="submit" loading={busy} disabled={!words.title.trim() || !words.body.trim()}>
            {say("answerForm.save")}
          </Button>
          {name && (
            <Text size="xs" c="dimmed">
              {say("answerForm.left")}
            </Text>
          )}
        </Group>
      </form>
    </Page>
  ); // prettier-ignore
}

function kept(name: string): AnswerBody | undefined {
  try {
    const text = name ? keptDraft(name) : "";
    const body = text ? (JSON.parse(text) as AnswerBody) : undefined;
    return body && Array.isArray(body.texts) && body.texts.length > 0 ? body : undefined;
  } catch {
    return undefined;
  }
}

function Preview({ body }: { body: string }) {
  const [asked] = useDebouncedValue(body, 300);
  const query = useQuery({ ...previewQuery(asked), enabled: asked.trim() !== "" && asked.length <= 20_000 });
  return (
    <Section title={say("answerForm.preview")}>
      {query.data && asked.trim() !== "" ? <Shown text={query.data} /> : <div className={styles["paper"]} />}
    </Section>
  );
}

interface LanguagesProps {
  body: AnswerBody;
  at: number;
  onAt: (at: number) => void;
  onTexts: (texts: Words[]) => void;
}

/** Which language is written, and which there are. */
function Languages({ body, at, onAt, onTexts }: LanguagesProps) {
  const used = body.texts.map((t) => t.language);
  const now = body.texts[at] ?? body.texts[0]!;
  return (
    <Group align="flex-end" gap="xs">
      {body.texts.length > 1 &&
        body.texts.map((t, i) => (
          <Button key={t.language} size="compact-sm" variant={i === at ? "light" : "default"} aria-pressed={i === at} onClick={() => onAt(i)}>
            {languageName(t.language)}
          </Button>
        ))}
      <Select
        size="xs"
        w={170}
        searchable
        allowDeselect={false}
        label={say("answerForm.language")} description={say("answerForm.language.help")}
        data={languages(used).filter((l) => l.value === now.language || !used.includes(l.value))}
        value={now.language}
        onChange={(language) => language && onTexts(body.texts.map((t, i) => (i === at ? { ...t, language } : t)))}
      />
      <Button
        size="xs"
        variant="subtle"
        onClick={() => {
          const language = languages().find((l) => !used.includes(l.value))?.value ?? "en";
          onTexts([...body.texts, { language, title: "", body: "" }]);
          onAt(body.texts.length);
        }}
      >
        {say("answerForm.language.add")}
      </Button>
      {body.texts.length > 1 && (
        <Button
          size="xs"
          variant="subtle"
          color="red"
          onClick={() => {
            onTexts(body.texts.filter((_, i) => i !== at));
            onAt(0);
          }}
        >
          {say("answerForm.language.remove", { language: languageName(now.language) })}
        </Button>
      )}
    </Group>
  ); // prettier-ignore
}

interface PropertiesProps {
  body: AnswerBody;
  set: (change: Partial<AnswerBody>) => void;
  replace: (body: AnswerBody) => void;
  errors: Record<string, ReactNode>;
}

/** Whose it is, to whom it may be said, and where it is offered. */
function Properties({ body, set, replace, errors }: PropertiesProps) {
  const departments = useQuery(departmentsQuery).data ?? [];
  const people = useQuery(peopleQuery()).data ?? [];
  const topics = useQuery(topicsQuery).data ?? [];
  const intents = useQuery(intentsQuery).data ?? [];
  const data = departments.map((d) => ({ value: d.id, label: d.name }));
  const theirs = people.filter((p) => p.state === "active" && p.departments.some((d) => d.id === body.department));
  return (
    <div className={styles["two"]}>
      <NativeSelect
        label={say("answerForm.audience")} description={say("answerForm.audience.help")}
        data={(["public", "private", "inside"] as const).map((value) => ({ value, label: say(`answerForm.audience.${value}`) }))}
        value={body.audience}
        error={errors["audience"]}
        onChange={(e) => set({ audience: e.currentTarget.value as AnswerBody["audience"] })}
      />
      <TextInput
        type="date"
        label={say("answerForm.review")}
        description={say("answerForm.review.help")}
        value={body.reviewAt?.slice(0, 10) ?? ""}
        onChange={(e) => {
          const day = e.currentTarget.value;
          const { topics = [], ...rest } = body;
          delete rest.reviewAt;
          replace({ topics, ...rest, ...(day ? { reviewAt: `${day}T00:00:00Z` } : {}) });
        }}
      />
      <Select
        searchable
        clearable
        label={say("answerForm.owner")}
        description={say("answerForm.owner.help")}
        data={data}
        value={body.department || null}
        error={errors["owner"]}
        onChange={(department) => set({ department: department ?? "", person: "" })}
      />
      <Select
        searchable
        clearable
        label={say("answerForm.person")} description={say("answerForm.person.help")}
        placeholder={say("answerForm.person.none")}
        data={theirs.map((p) => ({ value: p.id, label: p.name }))}
        value={body.person || null}
        onChange={(person) => set({ person: person ?? "" })}
      />
      <MultiSelect searchable label={say("answerForm.topics")} description={say("answerForm.topics.help")} data={topics.map((t) => ({ value: t.key, label: t.name }))} value={body.topics ?? []} error={errors["topics"]} onChange={(list) => set({ topics: list })} />
      <MultiSelect searchable label={say("answerForm.intents")} description={say("answerForm.intents.help")} data={intents.map((i) => ({ value: i.key, label: i.title }))} value={body.intents ?? []} error={errors["intents"]} onChange={(list) => set({ intents: list })} />
      <TagsInput label={say("answerForm.tags")} description={say("answerForm.tags.help")} value={body.tags ?? []} error={errors["tags"]} onChange={(list) => set({ tags: list })} />
      <MultiSelect searchable label={say("answerForm.for")} description={say("answerForm.for.help")} data={data} value={body.for ?? []} error={errors["for"]} onChange={(list) => set({ for: list })} />
    </div>
  ); // prettier-ignore
}
