import { Button, Checkbox, Group, Select, Text, TextInput } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { LibraryBig, Search, UserRound } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { accountsQuery, type SearchFilter, searchPagesQuery } from "@/api/queries";
import type { Hit, OtherFind, State } from "@/api/types";
import { exact } from "@/lib/time";
import { say } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { Empty, Failed, Waiting } from "@/ui/Async";
import { ChannelGlyph } from "@/ui/ChannelGlyph";
import { Chip } from "@/ui/Chip";
import { When } from "@/ui/Due";
import { Page, Section } from "@/ui/Page";
import { useZone } from "@/ui/Zone";
import { InboxRow } from "./InboxRow";
import { useConversationLink } from "./where";
import styles from "./SearchPage.module.css";

interface Props {
  filter: SearchFilter;
  onFilter: (filter: SearchFilter) => void;
}

/** Everything that was said, and who said it: as one types, the newest first. */
export function SearchPage({ filter, onFilter }: Props) {
  const { text, set } = useTyped(filter, onFilter);
  const asked = filter.q.trim().length > 1 || filter.mine || filter.file || filter.account || filter.contact;
  const found = useInfiniteQuery({ ...searchPagesQuery(sent(filter)), enabled: Boolean(asked) });
  const pages = asked ? (found.data?.pages ?? []) : [];
  const hits = pages.flatMap((p) => p.items);
  const people = pages[0]?.people ?? [];
  const others = pages[0]?.others ?? [];
  const silent = others.filter((o) => o.kind === "contact");
  const answers = others.filter((o) => o.kind === "answer");
  const total = hits.length + people.length + others.length;
  const box = useRef<HTMLDivElement>(null);
  const recent = useRecent(filter.q, total > 0);
  return (
    <Page title={say("nav.search")} summary={say("search.help")}>
      <div ref={box} onKeyDown={(e) => walk(e, box.current)}>
        <TextInput
          data-autofocus
          autoFocus
          type="search"
          size="md"
          aria-label={say("nav.search")}
          placeholder={say("search.placeholder")}
          leftSection={<Search size={16} aria-hidden />}
          value={text}
          onChange={(e) => set(e.currentTarget.value)}
        />
        <Narrow filter={filter} onFilter={onFilter} />
        {!asked ? (
          <Begin recent={recent} onPick={(q) => onFilter({ ...filter, q })} />
        ) : found.data === undefined ? (
          found.isError ? (
            <Failed error={found.error} again={() => void found.refetch()} />
          ) : (
            <Waiting rows={6} />
          )
        ) : (
          <div data-stale={found.isPlaceholderData || undefined} className={styles["results"]}>
            {people.length + silent.length > 0 && (
              <Section title={say("search.people")}>
                <ul className={styles["people"]}>
                  {people.map((row) => (
                    <li key={row.contact.id}>
                      <InboxRow row={row} selected={false} mixed />
                    </li>
                  ))}
                </ul>
                <Others list={silent} />
              </Section>
            )}
            {answers.length > 0 && (
              <Section title={say("search.answers")}>
                <Others list={answers} />
              </Section>
            )}
            <Section title={say("search.said")}>
              <Text size="sm" c="dimmed" role="status" className="sr">
                {say("search.count", { n: total })}
              </Text>
              {hits.length === 0 && !found.hasNextPage && (
                <Empty>{say(total > 0 ? "search.none.said" : "search.none")}</Empty>
              )}
              <ul className={styles["hits"]} aria-label={say("search.results")}>
                {hits.map((h) => (
                  <li key={h.message}>
                    <One hit={h} />
                  </li>
                ))}
              </ul>
              {found.hasNextPage && (
                <DeedButton
                  deed="more"
                  hotkey="m"
                  variant="default"
                  loading={found.isFetchingNextPage}
                  onClick={() => void found.fetchNextPage()}
                >
                  {say("search.more")}
                </DeedButton>
              )}
            </Section>
          </div>
        )}
      </div>
    </Page>
  );
}

/** As one types the last word is not whole yet: it may go on. */
function sent(filter: SearchFilter): SearchFilter {
  const { q } = filter;
  const begun = /(^|[\s])-?[\p{L}\p{N}]{3,}$/u.test(q) && (q.match(/"/g)?.length ?? 0) % 2 === 0;
  const day = (d: string | undefined, end: boolean) =>
    d && new Date(`${d}T${end ? "23:59:59" : "00:00:00"}`).toISOString();
  const { since, until, ...rest } = filter;
  return {
    ...rest,
    q: begun ? `${q}*` : q,
    ...(since ? { since: day(since, false) } : {}),
    ...(until ? { until: day(until, true) } : {}),
  };
}

function useTyped(filter: SearchFilter, onFilter: (filter: SearchFilter) => void) {
  const [text, setText] = useState(filter.q);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    // The address may change the words: a link, the way back, one of those looked for lately.
    setText(filter.q);
  }, [filter.q]);
  const set = (next: string) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onFilter({ ...filter, q: next }), 200);
  };
  return { text, set };
}

function Narrow({ filter, onFilter }: Props) {
  const accounts = useQuery(accountsQuery).data ?? [];
  const states: State[] = ["open", "waiting", "snoozed", "closed"];
  return (
    <Group gap="xs" my="sm" role="group" aria-label={say("search.filters")}>
      <Checkbox
        label={say("search.mine")}
        checked={filter.mine ?? false}
        onChange={(e) => onFilter({ ...filter, mine: e.currentTarget.checked || undefined })}
      />
      <Checkbox
        label={say("search.file")}
        checked={filter.file ?? false}
        onChange={(e) => onFilter({ ...filter, file: e.currentTarget.checked || undefined })}
      />
      <Select
        size="xs"
        w={130}
        aria-label={say("search.only.any")}
        allowDeselect={false}
        data={[
          { value: "", label: say("search.only.any") },
          { value: "message", label: say("search.only.message") },
          { value: "note", label: say("search.only.note") },
        ]}
        value={filter.only ?? ""}
        onChange={(only) => onFilter({ ...filter, only: only || undefined })}
      />
      <Select
        size="xs"
        w={150}
        clearable
        aria-label={say("search.account")}
        placeholder={say("search.account")}
        data={accounts.map((a) => ({ value: a.id, label: a.handle || a.name }))}
        value={filter.account ?? null}
        onChange={(account) => onFilter({ ...filter, account: account ?? undefined })}
      />
      <Select
        size="xs"
        w={120}
        clearable
        aria-label={say("search.state")}
        placeholder={say("search.state")}
        data={states.map((s) => ({ value: s, label: say(`state.${s}`) }))}
        value={filter.state ?? null}
        onChange={(state) => onFilter({ ...filter, state: state ?? undefined })}
      />
      {(["since", "until"] as const).map((name) => (
        <TextInput
          key={name}
          size="xs"
          type="date"
          aria-label={say(`search.${name}`)}
          leftSection={<Text size="xs">{say(`search.${name}`)}</Text>}
          leftSectionWidth={44}
          value={filter[name] ?? ""}
          onChange={(e) => onFilter({ ...filter, [name]: e.currentTarget.value || undefined })}
        />
      ))}
    </Group>
  );
}

function One({ hit }: { hit: Hit }) {
  const link = useConversationLink(hit.conversation.id);
  const zone = useZone();
  return (
    <a {...link} className={styles["hit"]} data-hit title={exact(hit.at, zone)}>
      <span className={styles["head"]}>
        <ChannelGlyph channel={hit.conversation.account.channel} size={13} />
        <bdi className={styles["by"]}>{hit.by}</bdi>
        {hit.ours && hit.by !== hit.conversation.contact.name && (
          <bdi className={styles["to"]}>→ {hit.conversation.contact.name}</bdi>
        )}
        {hit.kind === "note" && <Chip tone="note">{say("search.note")}</Chip>}
        <span className={styles["push"]} />
        <When at={hit.at} />
      </span>
      <Parts of={hit.parts} />
    </a>
  );
}

/** What was found beside what was said: answers of the library, contacts with whom there is no conversation. */
function Others({ list }: { list: OtherFind[] }) {
  return (
    <ul className={styles["hits"]}>
      {list.map((o) => (
        <li key={o.id}>
          <Link
            {...(o.kind === "answer"
              ? { to: "/answers/$answer", params: { answer: o.id } }
              : { to: "/contacts/$contact", params: { contact: o.id } })}
            className={styles["hit"]}
            data-hit
          >
            <span className={styles["head"]}>
              {o.kind === "answer" ? <LibraryBig size={13} aria-hidden /> : <UserRound size={13} aria-hidden />}
              <bdi className={styles["by"]}>{o.title}</bdi>
            </span>
            <Parts of={o.parts} />
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** A text in pieces, with what was looked for marked. */
function Parts({ of }: { of: Hit["parts"] }) {
  return (
    <bdi className={styles["text"]}>
      {of.map((p, i) => (p.hit ? <mark key={i}>{p.text}</mark> : <span key={i}>{p.text}</span>))}
    </bdi>
  );
}

function Begin({ recent, onPick }: { recent: ReturnType<typeof useRecent>; onPick: (q: string) => void }) {
  return recent.list.length === 0 ? (
    <Empty icon={<Search size={26} strokeWidth={1.4} />}>{say("search.begin")}</Empty>
  ) : (
    <Section
      title={say("search.recent")}
      deeds={
        <Button size="compact-sm" variant="subtle" onClick={recent.clear}>
          {say("search.recent.clear")}
        </Button>
      }
    >
      <Group gap="xs">
        {recent.list.map((q) => (
          <Button key={q} size="compact-sm" variant="default" onClick={() => onPick(q)}>
            <bdi>{q}</bdi>
          </Button>
        ))}
      </Group>
    </Section>
  );
}

const recentKey = "searches";

function readRecent(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(recentKey) ?? "[]");
    return Array.isArray(kept) ? kept.filter((q): q is string => typeof q === "string").slice(0, 8) : [];
  } catch {
    return [];
  }
}

function writeRecent(list: string[]) {
  try {
    localStorage.setItem(recentKey, JSON.stringify(list));
  } catch {
    // Storage is forbidden: they last as long as the page.
  }
}

/** What was looked for lately in this browser, once it was found and stood for a moment. */
function useRecent(q: string, found: boolean) {
  const [list, setList] = useState(readRecent);
  useEffect(() => {
    // Keeps what was looked for, not every letter on the way to it.
    const words = q.trim();
    if (!found || words.length < 3) {
      return undefined;
    }
    const timer = setTimeout(() => {
      setList((old) => {
        const next = [words, ...old.filter((o) => o !== words && !words.startsWith(o))].slice(0, 8);
        writeRecent(next);
        return next;
      });
    }, 1500);
    return () => clearTimeout(timer);
  }, [q, found]);
  return {
    list,
    clear: () => {
      writeRecent([]);
      setList([]);
    },
  };
}

/** The arrow keys go from the field through what was found. */
function walk(event: KeyboardEvent, box: HTMLElement | null) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const at = document.activeElement;
  if (!step || !box || (at instanceof HTMLInputElement && at.type !== "search")) {
    return;
  }
  const stops = [...box.querySelectorAll<HTMLElement>("input[type=search], a[data-conversation], a[data-hit]")];
  const next = stops[stops.indexOf(at as HTMLElement) + step];
  if (next) {
    event.preventDefault();
    next.focus();
  }
}
