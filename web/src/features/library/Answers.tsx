import { Button, Select, SegmentedControl, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { LibraryBig, Plus, Search } from "lucide-react";
import { topicsQuery } from "@/api/queries";
import { useMay } from "@/api/session";
import type { AnswerLine } from "@/api/types";
import { languageName } from "@/lib/text";
import { useNow } from "@/lib/now";
import { ago } from "@/lib/time";
import { say } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { Async, Empty } from "@/ui/Async";
import { Chip } from "@/ui/Chip";
import { Card, Page } from "@/ui/Page";
import type { AnswersSearch } from "./filter";
import { languages } from "./languages";
import styles from "./Library.module.css";
import { answersQuery } from "./queries";

interface Props {
  search: AnswersSearch;
  onSearch: (search: AnswersSearch) => void;
}

/** The library: what is in use, what should be looked at, what is archived. */
export function Answers({ search, onSearch }: Props) {
  const may = useMay("answer");
  const query = useInfiniteQuery(answersQuery(search));
  const first = query.data?.pages[0];
  const filtered = Object.keys(search).some((k) => k !== "view");
  const add = may && (
    <DeedButton
      deed="answer-add"
      hotkey="n"
      renderRoot={(props) => <Link to="/answers/new" {...props} />}
      leftSection={<Plus size={16} aria-hidden />}
    >
      {say("answers.add")}
    </DeedButton>
  );
  return (
    <Page title={say("answers.title")} summary={say("answers.summary")} deeds={add}>
      {first !== undefined && first.mine > 0 && !search.mine && (
        <Card tone="warn">
          {say("answers.mine", { n: first.mine })}{" "}
          <Button size="compact-sm" variant="subtle" onClick={() => onSearch({ view: "review", mine: true })}>
            {say("answers.mine.show")}
          </Button>
        </Card>
      )}
      <Bar search={search} onSearch={onSearch} all={first?.all ?? 0} review={first?.review ?? 0} tags={first?.tags ?? []} />
      <Async
        of={query}
        isEmpty={(d) => d.pages[0]?.items.length === 0}
        empty={
          filtered ? (
            <Empty deed={<Button variant="default" onClick={() => onSearch({})}>{say("answers.clear")}</Button>}>
              {say("answers.none")}
            </Empty>
          ) : search.view === "review" ? (
            say("answers.review.none")
          ) : search.view === "archived" ? (
            say("answers.archived.none")
          ) : (
            <Empty icon={<LibraryBig size={26} strokeWidth={1.4} />} deed={add || undefined}>
              <strong>{say("answers.empty")}</strong>
              <br />
              {say("answers.empty.how")}
            </Empty>
          )
        }
      >
        {({ pages }) => (
          <>
            <ul className={styles["list"]} aria-label={say("answers.title")}>
              {pages.flatMap((p) => p.items).map((a) => (
                <Line key={a.id} answer={a} />
              ))}
            </ul>
            {query.hasNextPage && (
              <DeedButton deed="more" hotkey="m" mt="md" variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {say("answers.more")}
              </DeedButton>
            )}
          </>
        )}
      </Async>
    </Page>
  ); // prettier-ignore
}

function Bar({ search, onSearch, all, review, tags }: Props & { all: number; review: number; tags: string[] }) {
  const topics = useQuery(topicsQuery).data ?? [];
  const type = useDebouncedCallback((q: string) => set({ q }), 150);
  const set = (change: { [K in keyof AnswersSearch]?: AnswersSearch[K] | undefined }) => {
    const next = { ...search, ...change };
    onSearch(Object.fromEntries(Object.entries(next).filter(([, v]) => v)));
  };
  return (
    <>
      <SegmentedControl
        mb="sm"
        size="sm"
        aria-label={say("answers.title")}
        value={search.view ?? "all"}
        onChange={(view) => onSearch(view === "all" ? {} : { view: view })}
        data={[
          { value: "all", label: say("answers.view.all", { n: all }) },
          { value: "review", label: say("answers.view.review", { n: review }) },
          { value: "archived", label: say("answers.view.archived") },
        ]}
      />
      <div className={styles["bar"]}>
        <TextInput
          key={search.q === undefined ? "empty" : "typed"}
          className={styles["search"] ?? ""}
          type="search"
          aria-label={say("answers.search")}
          placeholder={say("answers.search")}
          leftSection={<Search size={15} aria-hidden />}
          defaultValue={search.q ?? ""}
          autoFocus={search.q !== undefined}
          onChange={(e) => type(e.currentTarget.value)}
        />
        <Select
          w={140}
          clearable
          searchable
          aria-label={say("answers.language")}
          placeholder={say("answers.language")}
          data={languages()}
          value={search.language ?? null}
          onChange={(language) => set({ language: language ?? undefined })}
        />
        <Select
          w={160}
          clearable
          aria-label={say("answers.audience")}
          placeholder={say("answers.audience")}
          data={(["public", "private", "inside"] as const).map((value) => ({ value, label: say(`answers.audience.${value}`) }))}
          value={search.audience ?? null}
          onChange={(audience) => set({ audience: audience ?? undefined })}
        />
        <Select
          w={160}
          clearable
          searchable
          aria-label={say("answers.topic")}
          placeholder={say("answers.topic")}
          data={topics.map((t) => ({ value: t.key, label: t.name }))}
          value={search.topic ?? null}
          onChange={(topic) => set({ topic: topic ?? undefined })}
        />
        {tags.length > 0 && (
          <Select
            w={140}
            clearable
            searchable
            aria-label={say("answers.tag")}
            placeholder={say("answers.tag")}
            data={tags}
            value={search.tag ?? null}
            onChange={(tag) => set({ tag: tag ?? undefined })}
          />
        )}
        <DeedButton deed="answers-mine" hotkey="y" variant={search.mine ? "light" : "default"} aria-pressed={search.mine ?? false} onClick={() => set({ mine: search.mine ? undefined : true })}>
          {say("answers.mine.filter")}
        </DeedButton>
      </div>
    </>
  ); // prettier-ignore
}

function Line({ answer: a }: { answer: AnswerLine }) {
  const now = useNow();
  return (
    <li className={styles["line"]}>
      <div className={styles["main"]}>
        <Link to="/answers/$answer" params={{ answer: a.id }} className={styles["name"]} lang={a.language}>
          <bdi>{a.title}</bdi>
        </Link>
        <bdi className={styles["excerpt"]} lang={a.language}>
          {a.excerpt}
        </bdi>
        <div className={styles["facts"]}>
          <Marks answer={a} />
          <span>{a.languages.map((l) => languageName(l)).join(", ")}</span>
          {a.topics.map((t) => (
            <Chip key={t.key}>{t.name}</Chip>
          ))}
          {a.tags.map((t) => (
            <Chip key={t}>{t}</Chip>
          ))}
        </div>
      </div>
      <div className={styles["side"]}>
        <bdi>{a.owner.person?.name ?? a.owner.department.name}</bdi>
        <br />
        {used(a)}
        {a.up + a.down > 0 && ` · +${a.up} −${a.down}`}
        <br />
        {say("answers.changed", { when: ago(a.changedAt, now), name: a.changedBy?.name ?? say("answer.somebody") })}
      </div>
    </li>
  );
}

/** To whom it may be said, and whether it should be looked at. */
export function Marks({ answer: a }: { answer: AnswerLine }) {
  return (
    <>
      <Chip tone={a.audience === "public" ? "public" : a.audience === "private" ? "private" : "note"}>
        {say(`answers.audience.${a.audience}`)}
      </Chip>
      {a.stale && <Chip tone="warn">{say(`answers.stale.${a.stale}`)}</Chip>}
      {a.for.length > 0 && <Chip>{say("answers.for", { names: a.for.map((d) => d.name).join(", ") })}</Chip>}
    </>
  );
}

/** How often it was used, and how often with other words. */
export function used(a: AnswerLine): string {
  if (a.used === 0) {
    return say("answers.used.never");
  }
  const times = say("answers.used", { n: a.used });
  return a.edited > 0 ? `${times}, ${say("answers.edited", { n: a.edited })}` : times;
}
