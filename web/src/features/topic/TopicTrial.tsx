import { TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { say } from "@/lib/words";
import { Chip } from "@/ui/Chip";
import { Section } from "@/ui/Page";
import styles from "./Topics.module.css";

/** What would be found in a sentence, as it is typed. */
export function TopicTrial() {
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), 250);
  const query = useQuery({
    queryKey: ["topics", "trial", asked],
    queryFn: async () => (await answer(api.POST("/api/topics/test", { body: { text: asked } }))).items,
    enabled: asked !== "",
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  return (
    <Section title={say("topic.try")} help={say("topic.try.help")}>
      <TextInput
        maxLength={2000}
        label={say("topic.try.label")}
        value={text}
        onChange={(e) => setText(e.currentTarget.value)}
      />
      <div className={styles["found"]} role="status">
        {query.isError && <Chip tone="warn">{query.error.message}</Chip>}
        {asked !== "" && query.data?.length === 0 && <Chip>{say("topic.try.none")}</Chip>}
        {asked !== "" &&
          query.data?.map((f) => (
            <Chip key={f.key} tone="good">
              {say("topic.try.found", { name: f.name, words: f.words })}
            </Chip>
          ))}
      </div>
    </Section>
  );
}
