import { Code, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { intentsQuery } from "@/api/queries";
import type { Advice, AdviceTrial } from "@/api/types";
import { say } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { Card, Section } from "@/ui/Page";
import { useDo } from "@/ui/useDo";

/** Asks the model that is saved about a made-up message, and shows word for word what left and what came back. */
export function AdviceTry({ advice: a, changed }: { advice: Advice; changed: boolean }) {
  const { busy, run } = useDo();
  const [trial, setTrial] = useState<AdviceTrial>();
  const missing = a.address === "" || a.model === "";
  return (
    <Section title={say("advice.try")} help={say("advice.try.help")}>
      <Stack gap="sm">
        {(missing || changed) && (
          <Text size="sm" c="dimmed">
            {say(missing ? "advice.try.first" : "advice.try.save")}
          </Text>
        )}
        <div>
          <DeedButton
            deed="advice-try"
            hotkey="t"
            variant="default"
            loading={busy}
            disabled={missing || changed}
            onClick={() =>
              run({
                call: () => answer(api.POST("/api/advice/try")),
                then: setTrial,
                touches: [["advice"]],
              })
            }
          >
            {say("advice.try")}
          </DeedButton>
        </div>
        <div aria-live="polite">{trial && <Shown trial={trial} sample={a.sample} />}</div>
      </Stack>
    </Section>
  );
}

function Shown({ trial: t, sample }: { trial: AdviceTrial; sample: string }) {
  const intents = useQuery(intentsQuery).data ?? [];
  const intent = intents.find((i) => i.key === t.answer?.intent)?.title ?? t.answer?.intent;
  return (
    <Stack gap="sm">
      {t.trouble && <Card tone="urgent">{say("advice.try.failed", { why: t.trouble })}</Card>}
      {t.answer && (
        <Card tone="good">
          <Text size="sm">
            <b>{say("advice.try.understood")}</b>:{" "}
            {t.answer.departments.length > 0
              ? say("advice.try.departments", { names: t.answer.departments.map((d) => d.name).join(", ") })
              : say("advice.try.nobody")}
            {"; "}
            {[intent, say(`advice.needs.${t.answer.needs}`), say(`advice.urgency.${t.answer.urgency}`)].join(", ")}
          </Text>
        </Card>
      )}
      <Words title={say("advice.try.sample")} words={sample} />
      <Words title={say("advice.try.left")} words={t.left} />
      {t.status > 0 ? (
        <Words title={say("advice.try.came", { status: t.status, seconds: t.seconds.toFixed(1) })} words={t.came} />
      ) : (
        <Text size="sm">{say("advice.try.silence")}</Text>
      )}
    </Stack>
  );
}

function Words({ title, words }: { title: string; words: string }) {
  return (
    <section aria-label={title}>
      <Text size="sm" fw={600} mb={4}>
        {title}
      </Text>
      <Code
        block
        dir="auto"
        tabIndex={0}
        mah={280}
        style={{ overflow: "auto", whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}
      >
        {words}
      </Code>
    </section>
  );
}
