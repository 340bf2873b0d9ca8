import { Button } from "@mantine/core";
import { memo, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import type { Conversation, Entry, EventEntry, NoteEntry } from "@/api/types";
import { dayHeading, exact, wall } from "@/lib/time";
import { say } from "@/lib/words";
import { When } from "@/ui/Due";
import { Face } from "@/ui/Face";
import { Prose } from "@/ui/Prose";
import { useZone } from "@/ui/Zone";
import { CallCard } from "./CallCard";
import { DeliveryCard } from "./DeliveryCard";
import { useEarlier } from "./earlier";
import { MessageCard } from "./MessageCard";
import styles from "./Timeline.module.css";
import "./words";

/** Everything that happened, oldest first, and at its end what is still on its way out. The newest are drawn first. */
export function Timeline({ conversation: c }: { conversation: Conversation }) {
  const zone = useZone();
  const end = useEndInSight(c);
  const { hidden, all, top } = useEarlier(c.timeline);
  const said = useMemo(
    () => new Set(c.timeline.flatMap((e) => (e.kind === "message" && e.delivery ? [e.delivery.id] : []))),
    [c.timeline],
  );
  const onTheWay = c.deliveries.filter((d) => d.state !== "sent" && !said.has(d.id));
  let day = "";
  return (
    <section aria-label={say("conversation.timeline")}>
      <ol className={styles["list"]}>
        {hidden > 0 && (
          <li ref={top} className={styles["earlier"]}>
            <Button variant="subtle" size="compact-sm" color="gray" onClick={all}>
              {say("timeline.earlier", { n: hidden })}
            </Button>
          </li>
        )}
        {c.timeline.slice(hidden).map((entry) => {
          const date = wall(Date.parse(entry.at), zone).date;
          const heading = date === day ? undefined : dayHeading(entry.at, zone);
          day = date;
          return (
            <li key={entry.id} className={styles["item"]} data-kind={entry.kind}>
              {heading && <div className={styles["day"]}>{heading}</div>}
              <Line entry={entry} channel={c.account.channel} conversation={c.id} />
            </li>
          );
        })}
        {onTheWay.map((d) => (
          <li key={d.id} className={styles["item"]}>
            <DeliveryCard delivery={d} conversation={c.id} />
          </li>
        ))}
      </ol>
      <div ref={end} />
    </section>
  );
}

const Line = memo(function Line({
  entry,
  channel,
  conversation,
}: {
  entry: Entry;
  channel: string;
  conversation: string;
}) {
  switch (entry.kind) {
    case "message":
      return <MessageCard message={entry} channel={channel} conversation={conversation} />;
    case "note":
      return <Note note={entry} />;
    case "call":
      return <CallCard call={entry} />;
    default:
      return <EventLine event={entry} />;
  }
});

function Note({ note }: { note: NoteEntry }) {
  return (
    <div className={styles["note"]}>
      <div className={styles["noteHead"]}>
        <Face name={note.person.name} size={18} />
        <bdi className={styles["author"]}>{note.person.name}</bdi>
        <span className={styles["inside"]}>{say("message.note")}</span>
        <When at={note.at} />
      </div>
      <Prose text={note.text} />
    </div>
  );
}

function EventLine({ event }: { event: EventEntry }) {
  const zone = useZone();
  return (
    <div className={styles["event"]} title={exact(event.at, zone)}>
      <span className={styles["bead"]} aria-hidden />
      <bdi>{event.text || event.what}</bdi>
      <When at={event.at} />
    </div>
  );
}

/** Opens at the newest, and stays there when something is added while one looks at the end. */
function useEndInSight(c: Conversation) {
  const end = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    const box = end.current?.closest("[data-timeline]");
    // Keeps in step with where the reader has scrolled to.
    const look = () => {
      atEnd.current = !box || box.scrollHeight - box.scrollTop - box.clientHeight < 80;
    };
    box?.addEventListener("scroll", look, { passive: true });
    return () => box?.removeEventListener("scroll", look);
  }, []);
  useLayoutEffect(() => {
    // Keeps the newest entry in sight, also when a picture above it has come.
    const box = end.current?.closest("[data-timeline]");
    const list = end.current?.previousElementSibling;
    const toEnd = () => {
      if (box && atEnd.current) {
        box.scrollTop = box.scrollHeight;
      }
    };
    toEnd();
    if (!list || typeof ResizeObserver === "undefined") {
      return undefined;
    }
    const watch = new ResizeObserver(toEnd);
    watch.observe(list);
    return () => watch.disconnect();
  }, [c.timeline.length, c.deliveries.length]);
  return end;
}
