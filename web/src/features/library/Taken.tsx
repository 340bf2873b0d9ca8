import { Button, Text } from "@mantine/core";
import type { ProposedAnswer } from "@/api/types";
import { say } from "@/lib/words";
import { Card } from "@/ui/Page";
import styles from "./Library.module.css";

interface Props {
  marks: ProposedAnswer["marks"];
  text: string;
  onText: (text: string) => void;
}

/** What was taken out of a reply that becomes an entry, each with a way back. */
export function Taken({ marks, text, onText }: Props) {
  return (
    <Card tone={marks.length > 0 ? "warn" : "good"}>
      <Text size="sm" fw={600}>
        {marks.length > 0 ? say("answerForm.kept") : say("answerForm.kept.none")}
      </Text>
      {marks.length > 0 && (
        <Text size="sm" c="dimmed">
          {say("answerForm.kept.help")}
        </Text>
      )}
      <ul className={styles["marks"]}>
        {marks.map((m, i) => (
          <li key={i}>
            <span>
              {m.instead
                ? say("answerForm.kept.line", { words: m.words, instead: m.instead })
                : say("answerForm.kept.gone", { words: m.words })}
            </span>
            {m.instead && text.includes(m.instead) && (
              <Button
                size="compact-xs"
                variant="default"
                aria-label={say("answerForm.kept.back.label", { words: m.words })}
                onClick={() => onText(text.replace(m.instead, () => m.words))}
              >
                {say("answerForm.kept.back")}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
