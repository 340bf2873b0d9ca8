import { ActionIcon, Button, CloseButton, Text, TextInput, Tooltip } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronUp, LibraryBig, Search, ThumbsDown, ThumbsUp } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { answer, api } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import type { Conversation, Fit } from "@/api/types";
import { deeds as deedsOf, useActions } from "@/lib/actions";
import { useStays } from "@/lib/stays";
import { say } from "@/lib/words";
import { Async } from "@/ui/Async";
import { Chip } from "@/ui/Chip";
import { Keys } from "@/ui/Keys";
import { complain, tell } from "@/ui/toast";
import { answerActions, bestOf } from "./answerActions";
import { useDesk } from "./DeskProvider";
import styles from "./Fitting.module.css";
import { addPiece, append } from "./pieces";
import { SimilarAnswers } from "./SimilarAnswers";
import { useWhoKnows, WhoKnows } from "./WhoKnows";

type Tab = "answers" | "similar" | "who";

const fitsQuery = (id: string, q: string) => ({
  queryKey: ["answers", "fitting", id, q],
  queryFn: async () =>
    (await answer(api.GET("/api/conversations/{id}/answers", { params: { path: { id }, query: q ? { q, limit: 8 } : {} } }))).items, // prettier-ignore
  staleTime: 30_000,
});

/** What is known already, above the composer: one line that says how much fits, and opens. */
export function Fitting({ conversation: c }: { conversation: Conversation }) {
  const may = useMay("people.see");
  return may && (c.can.includes("reply") || c.can.includes("note")) ? <Shelf conversation={c} /> : null;
}

function Shelf({ conversation: c }: { conversation: Conversation }) {
  const me = useMe();
  const desk = useDesk();
  const draft = `${me.id}:${c.id}:reply`;
  const [tab, setTab] = useState<Tab>();
  const mayReply = c.can.includes("reply") && c.replyAs !== undefined;
  // What the contact says next is asked for anew; until then it is as it was.
  const stays = useStays(c.id);
  const fits = useQuery({ ...fitsQuery(c.id, ""), placeholderData: keepPreviousData, enabled: stays }).data;
  const shelf = useMemo(
    () => ({
      insert: (fit: Fit) => {
        append(draft, fit.text);
        addPiece(draft, fit);
        desk.write("reply");
        tell(say("fit.inserted", { title: fit.title }));
      },
      use: (text: string) => {
        append(draft, text);
        desk.write("reply");
        tell(say("fit.similar.checked"), { seconds: 8 });
      },
      toggle: () => setTab((was) => (was ? undefined : "answers")),
    }),
    [draft, desk],
  );
  const known = useMemo(
    () => deedsOf(answerActions, { conversation: mayReply ? c : { ...c, can: [] }, fits: fits ?? [] }, shelf),
    [c, mayReply, fits, shelf],
  );
  useActions(known);
  const best = bestOf(fits ?? []);
  const tabs: Tab[] = c.can.includes("ask") ? ["answers", "similar", "who"] : ["answers", "similar"];

  return (
    <section className={styles["shelf"]} aria-label={say("fit.title")} data-open={tab !== undefined || undefined}>
      <div className={styles["bar"]}>
        <button type="button" className={styles["toggle"]} aria-expanded={tab !== undefined} onClick={shelf.toggle}>
          <LibraryBig size={14} aria-hidden />
          <span>{fits?.length ? say("fit.count", { n: fits.length }) : say("fit.open")}</span>
          {!tab && best && <bdi className={styles["best"]}>{say("fit.best", { title: best.title })}</bdi>}
          <ChevronUp size={14} aria-hidden className={styles["turn"]} data-open={tab !== undefined || undefined} />
        </button>
        {!tab && best && mayReply && (
          <Button
            size="compact-xs"
            variant="default"
            rightSection={<Keys of="i" />}
            className={styles["insert"]}
            onClick={() => shelf.insert(best)}
          >
            <span aria-hidden>{say("fit.insert")}</span>
            <span className="sr">{say("fit.insert.label", { title: best.title })}</span>
          </Button>
        )}
        {tab && <CloseButton size="sm" aria-label={say("fit.hide")} onClick={() => setTab(undefined)} />}
      </div>
      {tab && (
        <>
          <div className={styles["tabs"]} role="group" aria-label={say("fit.title")}>
            {tabs.map((t) => (
              <button
                key={t}
                type="button"
                aria-pressed={tab === t}
                className={styles["tab"]}
                onClick={() => setTab(t)}
              >
                {say(`fit.tab.${t}`)}
              </button>
            ))}
          </div>
          <div className={styles["inside"]}>
            {tab === "answers" && <Answers c={c} onInsert={mayReply ? shelf.insert : undefined} />}
            {tab === "similar" && <SimilarAnswers id={c.id} onUse={mayReply ? shelf.use : undefined} />}
            {tab === "who" && <Who c={c} />}
          </div>
        </>
      )}
    </section>
  );
}

function Answers({ c, onInsert }: { c: Conversation; onInsert: ((fit: Fit) => void) | undefined }) {
  const [q, setQ] = useState("");
  const [asked] = useDebouncedValue(q.trim(), 120);
  const query = useQuery({ ...fitsQuery(c.id, asked), placeholderData: keepPreviousData });
  return (
    <>
      <TextInput
        size="xs"
        type="search"
        aria-label={say("fit.search")}
        placeholder={say("fit.search")}
        leftSection={<Search size={13} aria-hidden />}
        value={q}
        onChange={(e) => setQ(e.currentTarget.value)}
      />
      <Async
        of={query}
        empty={
          <Text size="sm" c="dimmed">
            {asked ? say("fit.none.q", { q: asked }) : say("fit.none")} <Link to="/answers/new">{say("fit.add")}</Link>
          </Text>
        }
      >
        {(fits) => (
          <ul className={styles["list"]}>
            {fits.map((f) => (
              <One key={f.id} fit={f} onInsert={onInsert} />
            ))}
          </ul>
        )}
      </Async>
    </>
  );
}

function One({ fit: f, onInsert }: { fit: Fit; onInsert: ((fit: Fit) => void) | undefined }) {
  const a = f.answer!;
  const [all, setAll] = useState(false);
  return (
    <li className={styles["one"]}>
      <div className={styles["oneHead"]}>
        <Link
          to="/answers/$answer"
          params={{ answer: f.id }}
          className={styles["title"]}
          aria-label={say("fit.read", { title: f.title })}
        >
          <bdi>{f.title}</bdi>
        </Link>
        <Facts fit={f} />
        <span className={styles["push"]} />
        <Thumbs fit={f} />
        {onInsert && a.audience !== "inside" && (
          <Button
            size="compact-xs"
            variant="default"
            aria-label={say("fit.insert.label", { title: f.title })}
            onClick={() => onInsert(f)}
          >
            {say("fit.insert")}
          </Button>
        )}
      </div>
      <button
        type="button"
        className={styles["words"]}
        data-all={all || undefined}
        aria-expanded={all}
        dir="auto"
        lang={a.language}
        onClick={() => setAll(!all)}
      >
        {f.text}
      </button>
      {a.audience === "inside" && <span className={styles["quiet"]}>{say("fit.inside")}</span>}
    </li>
  );
}

function Facts({ fit: f }: { fit: Fit }) {
  const a = f.answer!;
  const facts: ReactNode[] = [
    a.audience !== "public" && (
      <Chip key="audience" tone={a.audience === "inside" ? "note" : "private"}>
        {say(`fit.audience.${a.audience}`)}
      </Chip>
    ),
    a.stale && (
      <Chip key="stale" tone="warn">
        {say("fit.stale")}
      </Chip>
    ),
    f.missing.length > 0 && (
      <Chip key="missing" tone="warn">
        {say("fit.missing", { n: f.missing.length })}
      </Chip>
    ),
    <span key="why" className={styles["quiet"]}>
      {[
        f.on.length > 0 && say("fit.on", { topics: f.on.map((t) => t.name).join(", ") }),
        a.used > 0 && say("fit.used", { n: a.used }),
      ]
        .filter(Boolean)
        .join(" · ")}
    </span>,
  ];
  return <>{facts}</>;
}

function Thumbs({ fit: f }: { fit: Fit }) {
  const queries = useQueryClient();
  const rate = async (thumb: "up" | "down") => {
    try {
      await answer(api.PUT("/api/answers/{id}/thumb", { params: { path: { id: f.id } }, body: { thumb } }));
      tell(say("fit.rated"));
      void queries.invalidateQueries({ queryKey: ["answers"] });
    } catch (error) {
      complain(error);
    }
  };
  const a = f.answer!;
  return (
    <span className={styles["thumbs"]}>
      {([["up", ThumbsUp, a.up], ["down", ThumbsDown, a.down]] as const).map(([which, Icon, n]) => (
        <Tooltip key={which} label={say(`fit.${which}`, { title: f.title })}>
          <ActionIcon size={24} aria-label={say(`fit.${which}`, { title: f.title })} onClick={() => void rate(which)}>
            <Icon size={13} aria-hidden />
            {n > 0 && <span className={styles["n"]}>{n}</span>}
          </ActionIcon>
        </Tooltip>
      ))}
    </span>
  ); // prettier-ignore
}

function Who({ c }: { c: Conversation }) {
  const desk = useDesk();
  const search = useWhoKnows(c);
  return (
    <div onKeyDown={(e) => void search.onKey(e)}>
      <Text size="xs" c="dimmed" mb={6}>
        {say("fit.who.help")}
      </Text>
      <WhoKnows search={search} />
      <Button size="xs" mt="xs" variant="default" rightSection={<Keys of="q" />} onClick={() => desk.ask("request", c)}>
        {say("fit.who.ask")}
      </Button>
    </div>
  );
}
