import { Handshake, Lock, MessagesSquare } from "lucide-react";
import { memo, use } from "react";
import type { Row } from "@/api/types";
import { soon } from "@/lib/time";
import { useNow } from "@/lib/now";
import { shortHandle } from "@/lib/text";
import { say, sayOr } from "@/lib/words";
import { ChannelGlyph } from "@/ui/ChannelGlyph";
import { Chip } from "@/ui/Chip";
import { Due, When } from "@/ui/Due";
import { Face } from "@/ui/Face";
import { useZone } from "@/ui/Zone";
import { useIntentTitle } from "@/api/intents";
import { waitsFor } from "./asking";
import { DraftMark } from "./DraftMark";
import styles from "./InboxRow.module.css";
import { useConversationLink, WhereContext } from "./where";

/** One line of the inbox: who, what they want, who has it, how long is left. */
export const InboxRow = memo(function InboxRow({
  row,
  selected,
  mixed,
  chosen = false,
  choosing = false,
  onChoose,
}: {
  row: Row;
  selected: boolean;
  mixed: boolean;
  /** It is among those that something is to be done to. */
  chosen?: boolean;
  /** Something is chosen. */
  choosing?: boolean;
  onChoose?: ((id: string, reach?: boolean) => void) | undefined;
}) {
  const link = useConversationLink(row.id);
  return (
    <div className={styles["whole"]} data-chosen={chosen || undefined} data-choosing={choosing || undefined}>
      {onChoose && (
        <input
          type="checkbox"
          className={styles["choose"]}
          aria-label={say("bulk.row", { who: row.contact.name || row.contact.handle })}
          checked={chosen}
          onChange={() => undefined}
          onClick={(e) => onChoose(row.id, e.shiftKey)}
        />
      )}
      <a
        {...link}
        onClick={(e) => {
          if (onChoose && e.shiftKey) {
            e.preventDefault();
            onChoose(row.id, true);
          } else {
            link.onClick(e);
          }
        }}
        className={styles["row"]}
        data-selected={selected || undefined}
        data-unread={row.unread || undefined}
        data-conversation={row.id}
        aria-current={selected ? "true" : undefined}
      >
        <span className={styles["face"]}>
          <Face name={row.contact.name} src={row.contact.avatar} size={36} />
          {row.unread && <span className={styles["dot"]} title={say("row.unread")} />}
        </span>
        <span className={styles["body"]}>
          <Who row={row} mixed={mixed} />
          <What row={row} />
          <Whose row={row} />
        </span>
      </a>
    </div>
  );
});

function Who({ row, mixed }: { row: Row; mixed: boolean }) {
  const standing = row.contact.standings[0];
  return (
    <span className={styles["line"]}>
      <bdi className={styles["name"]}>{row.contact.name || row.contact.handle}</bdi>
      {row.unread && <span className="sr">{say("row.unread")}</span>}
      {standing && <span className={styles["standing"]}>{sayOr(`standing.${standing}`, standing)}</span>}
      <span className={styles["push"]} />
      {row.clock ? (
        <Due clock={row.clock} />
      ) : row.snoozedUntil && row.state === "snoozed" ? (
        <Until at={row.snoozedUntil} />
      ) : mixed && (row.setAside || row.state !== "open") ? (
        <Chip>{say(row.setAside ? "state.aside" : `state.${row.state}`)}</Chip>
      ) : null}
      <When at={row.lastAt} />
    </span>
  );
}

function Until({ at }: { at: string }) {
  const now = useNow();
  const zone = useZone();
  return <Chip>{say("row.until", { when: soon(at, now, zone) })}</Chip>;
}

function What({ row }: { row: Row }) {
  const title = useIntentTitle();
  const tone =
    row.urgency === "now" || row.intent === "complaint" ? "urgent" : row.needs === "none" ? "plain" : "accent";
  return (
    <span className={styles["line"]}>
      {row.intent && <Chip tone={tone}>{title(row.intent)}</Chip>}
      <Asked row={row} />
      <DraftMark conversation={row.id} />
      <Promised row={row} />
      {row.under && <Under row={row} />}
      <bdi className={styles["excerpt"]}>
        {row.subject && <strong>{row.subject} </strong>}
        {row.excerpt}
      </bdi>
    </span>
  );
}

/** That others write under the same post; a click shows them all. */
function Under({ row }: { row: Row }) {
  const { thread } = use(WhereContext);
  const title = say("under", {
    n: row.under?.people ?? 0,
    people: row.under?.people ?? 0,
    waiting: row.under?.waiting ?? 0,
  });
  const name = (
    <>
      <MessagesSquare size={13} aria-hidden />
      {title}
    </>
  );
  return (
    <span
      className={styles["under"]}
      onClick={(e) => {
        if (thread && row.thread) {
          e.preventDefault();
          e.stopPropagation();
          thread(row.account.id, row.thread);
        }
      }}
    >
      {name}
    </span>
  );
}

/** That something is asked of me here, and by when; or that we wait for others. */
function Asked({ row }: { row: Row }) {
  const now = useNow();
  const zone = useZone();
  if (row.askedDue) {
    const late = Date.parse(row.askedDue) < now;
    return (
      <Chip tone={late ? "urgent" : "note"}>
        {late ? say("row.asked.late") : say("row.asked", { when: soon(row.askedDue, now, zone) })}
      </Chip>
    );
  }
  const late = row.waitsFor.some((w) => Date.parse(w.due) < now);
  return row.asked > 0 ? <Chip tone={late ? "warn" : "plain"}>{waitsFor(row)}</Chip> : null;
}

/** That something is promised here, and by when; late in red. */
function Promised({ row }: { row: Row }) {
  const now = useNow();
  const zone = useZone();
  if (!row.promisedDue) {
    return null;
  }
  const late = Date.parse(row.promisedDue) < now;
  return (
    <Chip tone={late ? "urgent" : "plain"} icon={<Handshake size={11} aria-hidden />}>
      {late ? say("row.promised.late") : say("row.promised", { when: soon(row.promisedDue, now, zone) })}
    </Chip>
  );
}

function Whose({ row }: { row: Row }) {
  const { owner } = row;
  return (
    <span className={styles["line"]} data-quiet>
      {owner.person ? (
        <>
          <Face name={owner.person.name} size={16} />
          <bdi className={styles["owner"]}>{owner.person.name}</bdi>
          <bdi className={styles["dim"]}>{owner.department.name}</bdi>
        </>
      ) : (
        <>
          <span className={styles["queue"]} aria-hidden />
          <bdi className={styles["owner"]}>{owner.department.name}</bdi>
          <span className={styles["dim"]}>{say("row.queue")}</span>
        </>
      )}
      <span className={styles["push"]} />
      {row.private && (
        <span className={styles["private"]} title={say("message.private")}>
          <Lock size={12} aria-label={say("row.private")} />
        </span>
      )}
      <span className={styles["account"]} title={say("row.by", { account: row.account.handle })}>
        <ChannelGlyph channel={row.account.channel} size={13} />
        <bdi>{shortHandle(row.account.handle)}</bdi>
      </span>
    </span>
  );
}
