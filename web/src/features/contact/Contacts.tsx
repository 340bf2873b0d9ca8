import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Download, Search, Upload, UsersRound } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { accountsQuery, type ContactFilter, contactsQuery } from "@/api/queries";
import { useMay } from "@/api/session";
import type { ContactRow } from "@/api/types";
import { useNow } from "@/lib/now";
import { languageName } from "@/lib/text";
import { say, sayOr } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { Async, Empty } from "@/ui/Async";
import { ChannelGlyph } from "@/ui/ChannelGlyph";
import { Chip } from "@/ui/Chip";
import { When } from "@/ui/Due";
import { Face } from "@/ui/Face";
import { Page } from "@/ui/Page";
import styles from "./Contact.module.css";
import { standingChoices } from "./standings";

const nothing: ContactFilter = { q: "", standing: "", channel: "", language: "", since: "" };
const languages = ["en", "de", "fr", "es", "it", "nl", "pl", "pt"];
const day = 86_400_000;

/** Everybody who wrote, those who wrote last first. */
export function Contacts() {
  const keeps = useMay("contacts.keep");
  const [filter, setFilter] = useState(nothing);
  const [days, setDays] = useState("");
  const [settled] = useDebouncedValue(filter, 200);
  const query = useInfiniteQuery(contactsQuery(settled));
  const now = useNow();
  const set = (part: Partial<ContactFilter>) => setFilter({ ...filter, ...part });
  const narrowed = Object.values(filter).some(Boolean);
  return (
    <Page
      title={say("contacts.title")}
      summary={say("contacts.summary")}
      deeds={
        keeps && (
          <>
            <DeedButton
              deed="contacts-import"
              hotkey="i"
              variant="default"
              leftSection={<Upload size={15} aria-hidden />}
              renderRoot={(props) => <Link to="/contacts/import" {...props} />}
            >
              {say("contacts.import")}
            </DeedButton>
            <DeedButton
              deed="contacts-export"
              hotkey="d"
              variant="default"
              renderRoot={(props) => <a href="/api/contacts.csv" download {...props} />}
              leftSection={<Download size={15} aria-hidden />}
            >
              {say("contacts.export")}
            </DeedButton>
          </>
        )
      }
    >
      <div className={styles["filters"]}>
        <TextInput
          className={styles["search"]}
          type="search"
          aria-label={say("contacts.search")}
          placeholder={say("contacts.search")}
          leftSection={<Search size={15} aria-hidden />}
          value={filter.q}
          onChange={(e) => set({ q: e.currentTarget.value })}
        />
        <NativeSelect
          aria-label={say("contacts.standing")}
          value={filter.standing}
          onChange={(e) => set({ standing: e.currentTarget.value })}
          data={[{ value: "", label: say("contacts.standing.any") }, ...standingChoices]}
        />
        <ChannelChoice value={filter.channel} onChange={(channel) => set({ channel })} />
        <NativeSelect
          aria-label={say("contacts.language")}
          value={filter.language}
          onChange={(e) => set({ language: e.currentTarget.value })}
          data={[
            { value: "", label: say("contacts.language.any") },
            ...languages.map((l) => ({ value: l, label: languageName(l) })),
          ]}
        />
        <NativeSelect
          aria-label={say("contacts.since")}
          value={days}
          onChange={(e) => {
            const n = e.currentTarget.value;
            setDays(n);
            set({ since: n ? new Date(now - Number(n) * day).toISOString() : "" });
          }}
          data={[
            { value: "", label: say("contacts.since.any") },
            ...(["1", "7", "30", "365"] as const).map((n) => ({ value: n, label: say(`contacts.since.${n}`) })),
          ]}
        />
      </div>
      <Async of={query} isEmpty={() => false}>
        {(data) => {
          const rows = data.pages.flatMap((p) => p.items);
          return rows.length === 0 ? (
            <Empty
              icon={<UsersRound size={26} strokeWidth={1.4} />}
              deed={
                narrowed && (
                  <Button
                    variant="default"
                    onClick={() => {
                      setFilter(nothing);
                      setDays("");
                    }}
                  >
                    {say("contacts.clear")}
                  </Button>
                )
              }
            >
              {say(narrowed ? "contacts.none" : "contacts.empty")}
            </Empty>
          ) : (
            <List rows={rows} more={query.hasNextPage} onMore={() => void query.fetchNextPage()} />
          );
        }}
      </Async>
    </Page>
  );
}

function ChannelChoice({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const accounts = useQuery(accountsQuery).data;
  const channels = useMemo(() => [...new Set((accounts ?? []).map((a) => a.channel))].sort(), [accounts]);
  return (
    <NativeSelect
      aria-label={say("contacts.channel")}
      value={value}
      onChange={(e) => onChange(e.currentTarget.value)}
      data={[
        { value: "", label: say("contacts.channel.any") },
        ...channels.map((c) => ({ value: c, label: sayOr(`channel.${c}`, c) })),
      ]}
    />
  );
}

/** Only what is in sight is drawn, however many there are. */
function List({ rows, more, onMore }: { rows: ContactRow[]; more: boolean; onMore: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => 58,
    overscan: 10,
    initialRect: { width: 600, height: 700 },
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    // Reads on before the end of what is there comes into sight.
    if (more && last > rows.length - 20) {
      onMore();
    }
  }, [last, more, rows.length, onMore]);
  return (
    <div ref={box} className={styles["window"]} tabIndex={-1}>
      <ul className={styles["rows"]} style={{ height: virtual.getTotalSize() }}>
        {shown.map((item) => {
          const c = rows[item.index]!;
          return (
            <li
              key={c.id}
              style={{ transform: `translateY(${item.start}px)`, height: item.size }}
              aria-setsize={rows.length}
              aria-posinset={item.index + 1}
            >
              <Link to="/contacts/$contact" params={{ contact: c.id }} className={styles["row"]}>
                <Face name={c.name} size={32} />
                <span className={styles["names"]}>
                  <bdi className={styles["excerpt"]}>{c.name}</bdi>
                  <span className={styles["handles"]}>
                    {c.identities.slice(0, 3).map((i) => (
                      <span key={i.id} className={styles["handle"]}>
                        <ChannelGlyph channel={i.channel} size={12} />
                        <bdi>{i.handle}</bdi>
                      </span>
                    ))}
                  </span>
                </span>
                <span className={styles["standings"]}>
                  {c.standings.slice(0, 2).map((s) => (
                    <Chip key={s}>{sayOr(`standing.${s}`, s)}</Chip>
                  ))}
                </span>
                {c.seenAt && <When at={c.seenAt} />}
              </Link>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
