import { Anchor, Group, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { CircleAlert, CircleHelp, CircleSlash, Clock3, Globe, Hourglass, Lock, Send } from "lucide-react";
import { useMemo, useRef } from "react";
import type { Delivery, OutgoingFile } from "@/api/types";
import { type Deed, deeds, useActions } from "@/lib/actions";
import { safeHref } from "@/lib/text";
import { say } from "@/lib/words";
import { ActionButton } from "@/ui/ActionButton";
import { When } from "@/ui/Due";
import { Prose } from "@/ui/Prose";
import { deliveryActions } from "./deliveries";
import { AlsoTo } from "./Others";
import { UnsaidPromises } from "./UnsaidPromises";
import styles from "./DeliveryCard.module.css";
import "./words";

const signs = {
  held: Hourglass,
  queued: Clock3,
  sending: Send,
  sent: Send,
  failed: CircleAlert,
  unknown: CircleHelp,
  cancelled: CircleSlash,
};

/** Something said, on its way or not out: what became of it, why, and what can be done. */
export function DeliveryCard({ delivery: d, conversation }: { delivery: Delivery; conversation?: string | undefined }) {
  const queries = useQueryClient();
  const Sign = signs[d.state];
  const card = useRef<HTMLDivElement>(null);
  const known = useMemo(
    () =>
      deeds(deliveryActions, d, { queries, conversation }).map((deed): Deed => ({
        ...deed,
        row: () => card.current,
        hidden: true,
      })),
    [d, queries, conversation],
  );
  useActions(known);
  return (
    <div
      ref={card}
      data-row
      className={styles["card"]}
      data-state={d.state}
      data-audience={d.private ? "private" : "public"}
    >
      <div className={styles["head"]}>
        <Sign size={15} aria-hidden />
        <strong>{say(`delivery.${d.state}`)}</strong>
        {d.part && (
          <span className={styles["quiet"]}>{say("delivery.part", { n: d.part, of: d.parts ?? d.part })}</span>
        )}
        <span className={styles["quiet"]}>
          {d.private ? <Lock size={12} aria-hidden /> : <Globe size={12} aria-hidden />}{" "}
          {say(d.private ? "message.private" : "message.public")}
        </span>
        <span className={styles["push"]} />
        <span className={styles["by"]}>
          {say("delivery.by", { name: d.author.name })} <When at={d.at} />
        </span>
      </div>
      {d.reason && (
        <Text size="sm" mb={6}>
          <bdi>{d.reason}</bdi>
        </Text>
      )}
      {d.difference && (
        <Text size="sm" mb={6}>
          {say("delivery.difference")} <bdi>“{d.difference}”</bdi>
        </Text>
      )}
      <AlsoTo others={d.cc} />
      <div className={styles["text"]}>
        <Prose text={d.text} />
        <Files files={d.files ?? []} />
      </div>
      <UnsaidPromises promises={d.promises ?? []} conversation={conversation} />
      <Group gap={6} mt="xs">
        {known.map((deed) => (
          <ActionButton key={deed.id} deed={deed} size="compact-sm" />
        ))}
        {safeHref(d.url) && (
          <Anchor size="sm" href={safeHref(d.url)} target="_blank" rel="noopener noreferrer">
            {say("delivery.look", { where: new URL(d.url!).hostname })}
          </Anchor>
        )}
      </Group>
    </div>
  );
}

/** What goes with it: whoever approves it must have seen it. */
function Files({ files }: { files: OutgoingFile[] }) {
  return files.length === 0 ? null : (
    <ul className={styles["files"]}>
      {files.map((f) => (
        <li key={f.url} className={styles["file"]}>
          <a href={f.url} target="_blank" rel="noopener noreferrer" title={f.name}>
            {/^image\/(png|jpeg|gif|webp)$/.test(f.type) ? (
              <img src={f.url} alt={f.alt || f.name} className={styles["picture"]} />
            ) : (
              <bdi>{f.name}</bdi>
            )}
          </a>
          <span className={styles["quiet"]}>{f.alt || say("message.media.none")}</span>
        </li>
      ))}
    </ul>
  );
}
