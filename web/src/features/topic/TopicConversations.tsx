import { Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { answer, api } from "@/api/client";
import type { Topic } from "@/api/types";
import { useNow } from "@/lib/now";
import { brief } from "@/lib/time";
import { say } from "@/lib/words";
import { Async } from "@/ui/Async";
import { ChannelGlyph } from "@/ui/ChannelGlyph";
import { useZone } from "@/ui/Zone";
import styles from "./Topics.module.css";

/** The conversations behind a topic's figure, of those one may see. */
export function TopicConversations({ topic, onClose }: { topic: Topic; onClose: () => void }) {
  const now = useNow();
  const zone = useZone();
  const query = useQuery({
    queryKey: ["topics", "conversations", topic.key],
    queryFn: async () =>
      (await answer(api.GET("/api/topics/{key}/conversations", { params: { path: { key: topic.key } } }))).items,
    staleTime: 10_000,
  });
  return (
    <Modal opened size="lg" onClose={onClose} title={say("topic.conversations", { name: topic.name })}>
      <Async of={query} empty={say("topic.conversations.none")}>
        {(rows) => (
          <ul className={styles["list"]}>
            {rows.map((r) => (
              <li key={r.id}>
                <Link
                  to="/inbox/$view/{-$conversation}"
                  params={{ view: "all", conversation: r.id }}
                  className={styles["conversation"]}
                >
                  <span className={styles["excerpt"]}>
                    <bdi>{r.subject || r.excerpt || r.contact.name}</bdi>
                  </span>
                  <span className={styles["facts"]}>{brief(r.lastAt, now, zone)}</span>
                  <span className={styles["facts"]}>
                    <ChannelGlyph channel={r.account.channel} size={12} /> <bdi>{r.contact.name}</bdi>
                  </span>
                  <bdi className={styles["facts"]}>{r.owner.person?.name ?? r.owner.department.name}</bdi>
                </Link>
              </li>
            ))}
          </ul>
        )}
      </Async>
    </Modal>
  );
}
