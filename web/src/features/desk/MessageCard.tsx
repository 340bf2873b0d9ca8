import { Alert, Anchor, Text, Tooltip, UnstyledButton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { BookmarkPlus, Bot, ExternalLink, FileText, Globe, Lock, ShieldAlert } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useMay } from "@/api/session";
import type { Media, MessageEntry } from "@/api/types";
import { useNow } from "@/lib/now";
import { safeHref, shortHandle, size } from "@/lib/text";
import { ago } from "@/lib/time";
import { say } from "@/lib/words";
import { When } from "@/ui/Due";
import { Face } from "@/ui/Face";
import { Prose } from "@/ui/Prose";
import styles from "./MessageCard.module.css";
import { AlsoTo } from "./Others";
import { Translated, useTranslatable } from "./Translated";
import "./words";

/** The way from a reply that was good to an entry that the next colleague finds. */
function KeepAnswer({ message }: { message: string }) {
  const sees = useMay("people.see");
  const answers = useMay("answer");
  return sees && answers ? (
    <Tooltip label={say("keep.answer")}>
      <Link to="/answers/new" search={{ message }} className={styles["quiet"]} aria-label={say("keep.answer")}>
        <BookmarkPlus size={14} aria-hidden />
      </Link>
    </Tooltip>
  ) : null;
}

const Lightbox = lazy(() => import("./Lightbox").then((m) => ({ default: m.Lightbox })));

/** One thing said. Theirs to the left, ours to the right; public and private never look alike. */
export function MessageCard({
  message: m,
  channel,
  conversation,
}: {
  message: MessageEntry;
  channel: string;
  conversation: string;
}) {
  const [revealed, setRevealed] = useState(!m.warning);
  const audience = m.private ? "private" : "public";
  return (
    <div
      id={`entry-${m.id}`}
      tabIndex={-1}
      className={styles["message"]}
      data-direction={m.direction}
      data-audience={audience}
    >
      <div className={styles["head"]}>
        <Face name={m.from.personName ?? m.from.name} src={m.from.avatar} size={20} />
        <bdi className={styles["author"]} title={m.from.handle}>
          {m.from.personName
            ? say("message.as", { person: m.from.personName, handle: shortHandle(m.from.handle) })
            : m.from.name}
        </bdi>
        <span className={styles["audience"]}>
          {m.private ? <Lock size={12} aria-hidden /> : <Globe size={12} aria-hidden />}
          {say(`message.${audience}`)}
        </span>
        {m.automatic && (
          <span className={styles["quiet"]}>
            <Bot size={12} aria-hidden /> {say("message.automatic")}
          </span>
        )}
        <span className={styles["push"]} />
        {m.direction === "out" && !m.deleted && m.text && <KeepAnswer message={m.id} />}
        {safeHref(m.url) && (
          <Anchor
            href={safeHref(m.url)}
            target="_blank"
            rel="noopener noreferrer"
            className={styles["quiet"]}
            aria-label={say("message.open", { channel })}
          >
            <ExternalLink size={13} aria-hidden />
          </Anchor>
        )}
        <When at={m.at} />
      </div>
      {m.subject && (
        <Text fw={600} size="sm" mb={4}>
          <bdi>{m.subject}</bdi>
        </Text>
      )}
      <AlsoTo others={m.to} />
      <Doubts doubts={m.doubts ?? []} />
      {m.warning && !revealed ? (
        <UnstyledButton className={styles["warning"]} onClick={() => setRevealed(true)}>
          {say("message.warning", { warning: m.warning })} · {say("do.show")}
        </UnstyledButton>
      ) : m.deleted ? (
        <Deleted message={m} />
      ) : (
        <Body message={m} conversation={conversation} />
      )}
    </div>
  );
}

function Deleted({ message: m }: { message: MessageEntry }) {
  const now = useNow();
  return (
    <div>
      <Text size="sm" c="dimmed" fs="italic">
        {say("message.deleted", { when: ago(m.deleted ?? m.at, now) })}
      </Text>
      {m.text && (
        <del className={styles["gone"]}>
          <Prose text={m.text} />
        </del>
      )}
    </div>
  );
}

function Body({ message: m, conversation }: { message: MessageEntry; conversation: string }) {
  const now = useNow();
  const [html, setHtml] = useState(false);
  const [quoted, setQuoted] = useState(false);
  const [versions, setVersions] = useState(false);
  const [translated, setTranslated] = useState(false);
  const translatable = useTranslatable(m);
  return (
    <>
      {html && m.html ? <AsSent html={m.html} /> : <Prose text={m.text} lang={m.lang} />}
      {m.media.length > 0 && <Attachments media={m.media} />}
      <div className={styles["foot"]}>
        {m.quoted && (
          <Fold
            open={quoted}
            onToggle={setQuoted}
            show={say("message.quoted.show")}
            hide={say("message.quoted.hide")}
          />
        )}
        {m.html && (
          <Fold open={html} onToggle={setHtml} show={say("message.html.show")} hide={say("message.html.hide")} />
        )}
        {translatable && (
          <Fold
            open={translated}
            onToggle={setTranslated}
            show={say("message.translate")}
            hide={say("message.translate.hide")}
          />
        )}
        {m.edited &&
          (m.versions?.length ? (
            <Fold
              open={versions}
              onToggle={setVersions}
              show={say("message.edited", { when: ago(m.edited, now) })}
              hide={say("message.edited", { when: ago(m.edited, now) })}
            />
          ) : (
            <span className={styles["quiet"]}>{say("message.edited", { when: ago(m.edited, now) })}</span>
          ))}
      </div>
      {translated && <Translated conversation={conversation} message={m} />}
      {quoted && m.quoted && (
        <blockquote className={styles["quoted"]}>
          <Prose text={m.quoted} />
        </blockquote>
      )}
      {versions &&
        m.versions?.map((v) => (
          <blockquote key={v.at} className={styles["quoted"]}>
            <span className={styles["quiet"]}>{say("message.versions")}</span> <When at={v.at} />
            <Prose text={v.text} />
          </blockquote>
        ))}
    </>
  );
}

function Fold({
  open,
  onToggle,
  show,
  hide,
}: {
  open: boolean;
  onToggle: (open: boolean) => void;
  show: string;
  hide: string;
}) {
  return (
    <UnstyledButton className={styles["fold"]} aria-expanded={open} onClick={() => onToggle(!open)}>
      {open ? hide : show}
    </UnstyledButton>
  );
}

/**
 * The sanitised HTML in a frame that may run nothing, submit nothing and load nothing: whatever the sanitiser let
 * through, it stays a picture of text.
 */
function AsSent({ html }: { html: string }) {
  const page = `<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><meta name="color-scheme" content="light"><base target="_blank"><style>body{font:14px/1.5 system-ui,sans-serif;margin:12px;overflow-wrap:anywhere;background:#fff;color:#1b1d22}</style>${html}`;
  return (
    <iframe
      className={styles["frame"]}
      sandbox=""
      srcDoc={page}
      title={say("message.html.title")}
      referrerPolicy="no-referrer"
    />
  );
}

function Doubts({ doubts }: { doubts: string[] }) {
  return doubts.length === 0 ? null : (
    <Alert
      color="red"
      variant="light"
      p="xs"
      mb="xs"
      icon={<ShieldAlert size={16} aria-hidden />}
      title={say("message.doubt")}
    >
      {doubts.join(" ")}
    </Alert>
  );
}

function Attachments({ media }: { media: Media[] }) {
  const [shown, setShown] = useState<Media>();
  return (
    <div className={styles["media"]}>
      {media.map((m) =>
        m.type.startsWith("image/") && ours(m.url) ? (
          <Picture key={m.id} media={m} onOpen={() => setShown(m)} />
        ) : (
          <Other key={m.id} media={m} />
        ),
      )}
      <Suspense>{shown && <Lightbox media={shown} onClose={() => setShown(undefined)} />}</Suspense>
    </div>
  );
}

function Picture({ media: m, onOpen }: { media: Media; onOpen: () => void }) {
  const [broken, setBroken] = useState(false);
  if (broken) {
    return (
      <div>
        <Other media={m} />
        <p className={styles["quiet"]}>{say("message.media.broken")}</p>
      </div>
    );
  }
  return (
    <UnstyledButton
      className={styles["picture"]}
      onClick={onOpen}
      aria-label={say("message.media.open", { name: m.alt || m.name || say("message.media.picture") })}
    >
      <img src={m.url} alt={m.alt || say("message.media.none")} loading="lazy" onError={() => setBroken(true)} />
    </UnstyledButton>
  );
}

function Other({ media: m }: { media: Media }) {
  const href = ours(m.url) ? m.url : undefined;
  if (href && m.type.startsWith("audio/")) {
    return <audio controls preload="none" src={href} aria-label={m.alt || m.name} />;
  }
  if (href && m.type.startsWith("video/")) {
    return <video controls preload="none" src={href} aria-label={m.alt || m.name} className={styles["video"]} />;
  }
  return (
    <a className={styles["file"]} href={href && `${href}?download`} download>
      <FileText size={15} aria-hidden />
      <bdi>{m.name || say("message.media.file")}</bdi>
      {m.size !== undefined && <span className={styles["quiet"]}>{size(m.size)}</span>}
    </a>
  );
}

/** Only what our own server hands out is ever loaded. */
function ours(url: string): boolean {
  return url.startsWith("/") && !url.startsWith("//");
}
