import { Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { Similar } from "@/api/types";
import { span } from "@/lib/time";
import { say } from "@/lib/words";
import { Async } from "@/ui/Async";
import { Chip } from "@/ui/Chip";
import { When } from "@/ui/Due";
import styles from "./Fitting.module.css";
import { useConversationLink } from "./where";
import "./words";

/** What others said before that is much the same, with the answer that was given. */
export function SimilarAnswers({ id, onUse }: { id: string; onUse: ((text: string) => void) | undefined }) {
  const query = useQuery({
    queryKey: ["conversation", id, "similar"],
    queryFn: async () => (await answer(api.GET("/api/conversations/{id}/similar", { params: { path: { id } } }))).items,
    staleTime: 60_000,
  });
  return (
    <Async of={query} empty={say("similar.none")}>
      {(list) => (
        <ul className={styles["list"]}>
          {list.map((s) => (
            <One key={s.conversation} similar={s} onUse={onUse} />
          ))}
        </ul>
      )}
    </Async>
  );
}

function One({ similar: s, onUse }: { similar: Similar; onUse: ((text: string) => void) | undefined }) {
  const link = useConversationLink(s.conversation);
  return (
    <li className={styles["one"]}>
      <div className={styles["oneHead"]}>
        <a className={styles["title"]} {...link}>
          <bdi>{s.contact.name}</bdi>
        </a>
        <span className={styles["quiet"]}>
          <When at={s.at} />
        </span>
        {s.ended && <Chip tone="good">{say("fit.similar.ended")}</Chip>}
        <span className={styles["push"]} />
        {onUse && s.answer && (
          <Button
            size="compact-xs"
            variant="default"
            aria-label={say("fit.similar.insert.label", { name: s.contact.name })}
            onClick={() => onUse(s.answer)}
          >
            {say("fit.similar.insert")}
          </Button>
        )}
      </div>
      <Text size="sm" c="dimmed" lineClamp={2} dir="auto">
        {s.excerpt}
      </Text>
      {s.answer ? (
        <blockquote className={styles["quote"]} dir="auto">
          <span className={styles["quiet"]}>
            {s.answeredBy
              ? say("similar.answered", { name: s.answeredBy.name, span: span(s.seconds * 1000) })
              : say("similar.answered.somebody", { span: span(s.seconds * 1000) })}
          </span>
          <br />
          {s.answer}
        </blockquote>
      ) : (
        <Text size="xs" c="dimmed">
          {say("similar.open", { name: s.owner.person?.name ?? s.owner.department.name })}
        </Text>
      )}
    </li>
  );
}
