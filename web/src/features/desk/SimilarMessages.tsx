import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { Similar } from "@/api/types";
import { span } from "@/lib/time";
import { say } from "@/lib/words";
import { When } from "@/ui/Due";
import styles from "./DecisionLine.module.css";
import { useConversationLink } from "./where";
import "./words";

/** What others said before that is much the same, and who answered it. It is asked for when somebody wants to know why. */
export function SimilarMessages({ id }: { id: string }) {
  const query = useQuery({
    queryKey: ["conversation", id, "similar"],
    queryFn: async () => (await answer(api.GET("/api/conversations/{id}/similar", { params: { path: { id } } }))).items,
    staleTime: 60_000,
  });
  return (
    <section aria-label={say("similar.title")} className={styles["similar"]}>
      <Text size="xs" c="dimmed">
        {say("similar.title")}
      </Text>
      {query.isError ? (
        <Text size="sm" role="alert">
          {query.error.message}
        </Text>
      ) : query.data?.length === 0 ? (
        <Text size="sm">{say("similar.none")}</Text>
      ) : query.data ? (
        <ul>
          {query.data.map((s) => (
            <li key={s.conversation}>
              <Line similar={s} />
            </li>
          ))}
        </ul>
      ) : (
        <Text size="sm" role="status">
          {say("similar.wait")}
        </Text>
      )}
    </section>
  );
}

function Line({ similar: s }: { similar: Similar }) {
  const link = useConversationLink(s.conversation);
  const waited = span(s.seconds * 1000);
  return (
    <a {...link}>
      <bdi className={styles["said"]}>{s.excerpt}</bdi>
      <span className={styles["facts"]}>
        <bdi>{s.contact.name}</bdi>, <When at={s.at} />{" "}
        {s.answeredAt
          ? s.answeredBy
            ? say("similar.answered", { name: s.answeredBy.name, span: waited })
            : say("similar.answered.somebody", { span: waited })
          : say("similar.open", { name: s.owner.person?.name ?? s.owner.department.name })}
        {s.words.length > 0 && ` ${say("similar.words", { words: s.words.join(", ") })}`}
      </span>
    </a>
  );
}
