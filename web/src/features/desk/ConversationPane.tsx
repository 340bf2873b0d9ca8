import { ActionIcon } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ChevronLeft, MessagesSquare, PanelRight } from "lucide-react";
import { lazy, Suspense, use, useEffect, useMemo, useState } from "react";
import { answer, api } from "@/api/client";
import { conversationQuery } from "@/api/queries";
import type { Conversation } from "@/api/types";
import { type Deed, deeds as deedsOf, useActions } from "@/lib/actions";
import { useNow } from "@/lib/now";
import { soon } from "@/lib/time";
import { learn, say, sayOr } from "@/lib/words";
import { ActionButton, ActionGlyph, ActionMenu, DeedIcon } from "@/ui/ActionButton";
import { Async } from "@/ui/Async";
import { ChannelGlyph } from "@/ui/ChannelGlyph";
import { Chip } from "@/ui/Chip";
import { Due } from "@/ui/Due";
import { Face } from "@/ui/Face";
import { useSpacious, useSplit } from "@/ui/Frame";
import { useZone } from "@/ui/Zone";
import { chief, conversationActions, quick, rest, thread } from "./actions";
import { ContactChanged } from "./ContactChanged";
import { ContactPanel } from "./ContactPanel";
import { DecisionLine } from "./DecisionLine";
import { patchRow } from "./deeds";
import { useDesk } from "./DeskProvider";
import styles from "./Conversation.module.css";
import { Fitting } from "./Fitting";
import { Promises } from "./Promises";
import { Requests } from "./Requests";
import { Timeline } from "./Timeline";
import { Waiting } from "./Waiting";
import { WhereContext } from "./where";
import "./words";
import { promiseWords } from "@/lib/words/promise";
import { fittingWords } from "@/lib/words/fitting";

learn({ ...promiseWords, ...fittingWords });

// Read with the first conversation: the list is there sooner without it.
const Composer = lazy(() => import("./Composer").then((m) => ({ default: m.Composer })));
const ContactDrawer = lazy(() => import("./ContactDrawer").then((m) => ({ default: m.ContactDrawer })));

/** A conversation: who, the timeline, the answer; the contact beside it where there is room. */
export function ConversationPane({ id }: { id: string }) {
  const query = useQuery(conversationQuery(id));
  return <Async of={query}>{(conversation) => <Open conversation={conversation} />}</Async>;
}

function Open({ conversation: c }: { conversation: Conversation }) {
  const desk = useDesk();
  const spacious = useSpacious();
  const [panel, setPanel] = useState(() => localStorage.getItem("panel") !== "hidden");
  const [drawer, setDrawer] = useState(false);
  useRead(c);
  const known = useMemo((): Deed[] => {
    const suggestions =
      !c.owner.person && c.can.includes("handover")
        ? c.suggestions.slice(0, 3).map((s, i): Deed => {
            const name = s.person?.name ?? s.department.name;
            return {
              id: `suggestion-${i}`,
              key: String(i + 1),
              name: say("do.suggestion", { name }),
              run: () => desk.deeds.handover(c, s, s.reasons.join(", ")),
            };
          })
        : [];
    return [...deedsOf(conversationActions, c, desk), ...suggestions];
  }, [c, desk]);
  useActions(known);

  const toggle = () => {
    if (spacious) {
      localStorage.setItem("panel", panel ? "hidden" : "shown");
      setPanel(!panel);
    } else {
      setDrawer(true);
    }
  };
  return (
    <div className={styles["pane"]} data-panel={(spacious && panel) || undefined}>
      <article className={styles["conversation"]} aria-label={c.contact.name}>
        <Header conversation={c} onPanel={toggle} />
        <ContactChanged conversation={c} />
        <div className={styles["scroll"]} data-timeline>
          <DecisionLine conversation={c} />
          <Timeline conversation={c} />
        </div>
        <Waiting conversation={c.id} />
        <Promises conversation={c} />
        <Requests conversation={c} />
        <Fitting conversation={c} />
        <Suspense fallback={<div className={styles["composer"]} aria-hidden />}>
          <Composer conversation={c} />
        </Suspense>
      </article>
      {spacious && panel && (
        <aside className={styles["panel"]} aria-label={say("contact.title")}>
          <ContactPanel conversation={c} />
        </aside>
      )}
      <Suspense>{drawer && !spacious && <ContactDrawer conversation={c} onClose={() => setDrawer(false)} />}</Suspense>
    </div>
  );
}

/** Tells the server that it was read, once it has been looked at for a moment. */
function useRead(c: Conversation) {
  const queries = useQueryClient();
  useEffect(() => {
    // Keeps the server in step with what has been on the screen.
    if (!c.unread) {
      return undefined;
    }
    const timer = setTimeout(() => {
      patchRow(queries, c.id, { unread: false });
      void answer(api.POST("/api/conversations/{id}/read", { params: { path: { id: c.id } } }))
        .then(() => queries.invalidateQueries({ queryKey: ["notifications"] }))
        .catch(() => undefined);
    }, 700);
    return () => clearTimeout(timer);
  }, [queries, c.id, c.unread, c.lastAt]);
}

function Header({ conversation: c, onPanel }: { conversation: Conversation; onPanel: () => void }) {
  const desk = useDesk();
  const split = useSplit();
  const where = use(WhereContext);
  // Beside the list its title is the first heading; alone, this is.
  const Heading = split ? "h2" : "h1";
  const chiefs = deedsOf(chief, c, desk);
  const glyphs = deedsOf(quick, c, desk);
  const others = deedsOf(rest, c, desk);
  return (
    <header className={styles["head"]}>
      <div className={styles["who"]}>
        {!split && (
          <ActionIcon size={36} aria-label={say("conversation.back")} onClick={where.list}>
            <ChevronLeft size={20} aria-hidden />
          </ActionIcon>
        )}
        <Face name={c.contact.name} src={c.contact.avatar} size={34} />
        <div className={styles["names"]}>
          <Heading className={styles["name"]}>
            <bdi>{c.contact.name}</bdi>
            {c.contact.standings.slice(0, 2).map((s) => (
              <span key={s} className={styles["standing"]}>
                {sayOr(`standing.${s}`, s)}
              </span>
            ))}
          </Heading>
          <Facts conversation={c} />
        </div>
      </div>
      <div className={styles["deeds"]} role="group" aria-label={say("conversation.deeds")}>
        {chiefs.map((d) => (
          <ActionButton key={d.id} deed={d} size="xs" />
        ))}
        {glyphs.map((d) => (
          <ActionGlyph key={d.id} deed={d} />
        ))}
        <ActionMenu deeds={others} />
        <DeedIcon deed="panel" hotkey="b" name={say("do.panel")} size={32} onClick={onPanel}>
          <PanelRight size={17} aria-hidden />
        </DeedIcon>
      </div>
    </header>
  );
}

function Facts({ conversation: c }: { conversation: Conversation }) {
  const desk = useDesk();
  const now = useNow();
  const zone = useZone();
  const owner = c.owner.person
    ? say("owner.person", { person: c.owner.person.name, department: c.owner.department.name })
    : say("owner.queue", { department: c.owner.department.name });
  return (
    <div className={styles["facts"]}>
      {c.assessment?.lookalike && (
        <Chip tone="warn">
          <span role="note">{say("conversation.lookalike", { whose: c.assessment.lookalike })}</span>
        </Chip>
      )}
      {c.clock && <Due clock={c.clock} />}
      {c.state !== "open" && (
        <Chip>
          {c.state === "snoozed" && c.snoozedUntil
            ? say("conversation.snoozed", { when: soon(c.snoozedUntil, now, zone) })
            : say(`state.${c.state}`)}
        </Chip>
      )}
      <span className={styles["fact"]}>
        <bdi>{owner}</bdi>
      </span>
      <span className={styles["fact"]} data-account>
        <ChannelGlyph channel={c.account.channel} size={13} />
        <bdi>{c.account.handle}</bdi>
      </span>
      {c.under && thread.can(c) && (
        <button type="button" className={styles["fact"]} data-link onClick={() => thread.run(c, desk)}>
          <MessagesSquare size={13} aria-hidden />
          {say("under", { n: c.under.people, people: c.under.people, waiting: c.under.waiting })}
        </button>
      )}
    </div>
  );
}
