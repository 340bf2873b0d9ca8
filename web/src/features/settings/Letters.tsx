import { Stack, Text } from "@mantine/core";
import type { HouseMail } from "@/api/types";
import { useNow } from "@/lib/now";
import { ago } from "@/lib/time";
import { say } from "@/lib/words";
import { Chip } from "@/ui/Chip";
import { Section } from "@/ui/Page";

/** What became of the last letters of the house. */
export function Letters({ letters }: { letters: HouseMail["letters"] }) {
  const now = useNow();
  return (
    <Section title={say("mail.letters")} help={say("mail.letters.help")}>
      {letters.length === 0 ? (
        <Text size="sm" c="dimmed">
          {say("mail.letters.none")}
        </Text>
      ) : (
        <Stack component="ul" gap={6} p={0} m={0} style={{ listStyle: "none" }}>
          {letters.map((l) => (
            <li key={l.id}>
              <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                <Chip tone={l.state === "failed" ? "urgent" : "plain"}>{say(`mail.state.${l.state}`)}</Chip>{" "}
                <bdi>{l.to}</bdi>{" "}
                <Text span size="xs" c="dimmed">
                  {ago(l.settledAt ?? l.at, now)}
                  {l.trouble && ` · ${l.trouble} (${say("mail.letters.tries", { n: l.tries })})`}
                </Text>
              </Text>
            </li>
          ))}
        </Stack>
      )}
    </Section>
  );
}
