import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { Topic } from "@/api/types";
import { say } from "@/lib/words";
import { Section } from "@/ui/Page";
import { useDo } from "@/ui/useDo";
import styles from "./Topics.module.css";

/** Phrases that go with what people corrected by hand. Without any, nothing is shown. */
export function TopicSuggestions({ topics }: { topics: Topic[] }) {
  const { busy, run } = useDo();
  const list =
    useQuery({
      queryKey: ["topics", "suggestions"],
      queryFn: async () => (await answer(api.GET("/api/topics/suggestions"))).items,
      staleTime: 60_000,
    }).data ?? [];
  if (list.length === 0) {
    return null;
  }
  const add = (t: Topic, phrase: string) =>
    run({
      call: () =>
        answer(
          api.PATCH("/api/topics/{key}", {
            params: { path: { key: t.key } },
            // Without phrases its name counts; it should go on counting.
            body: { phrases: [...(t.phrases.length ? t.phrases : [t.name]), phrase], version: t.version },
          }),
        ),
      said: say("topic.suggested.done"),
      touches: [["topics"]],
    });
  return (
    <Section title={say("topic.suggested")} help={say("topic.suggested.help")}>
      <ul className={styles["list"]}>
        {list.map((s) => {
          const topic = topics.find((t) => t.key === s.topic);
          const told = { phrase: s.phrase, name: s.name, n: s.count };
          return (
            <li key={s.topic + s.phrase} className={styles["line"]}>
              <span className={styles["main"]}>
                {say(s.drop ? "topic.suggested.drop" : "topic.suggested.add", told)}
              </span>
              {!s.drop && topic && (
                <Button
                  size="compact-sm"
                  variant="default"
                  disabled={busy}
                  aria-label={say("topic.suggested.do.label", { phrase: s.phrase, name: s.name })}
                  onClick={() => void add(topic, s.phrase)}
                >
                  {say("topic.suggested.do")}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
