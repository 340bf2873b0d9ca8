import { Stack, Text } from "@mantine/core";
import { useState } from "react";
import { answer, api } from "@/api/client";
import type { HouseMail, HouseMailTrial } from "@/api/types";
import { say } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { Card, Section } from "@/ui/Page";
import { useDo } from "@/ui/useDo";

/** Sends a test to who asks for it, by what is saved, and says how it went. */
export function HouseMailTry({ mail: m, changed }: { mail: HouseMail; changed: boolean }) {
  const { busy, run } = useDo();
  const [trial, setTrial] = useState<HouseMailTrial>();
  const missing = !m.by && (m.host === "" || m.from === "");
  return (
    <Section title={say("mail.try")} help={say("mail.try.help")}>
      <Stack gap="sm" aria-live="polite">
        {(changed || missing) && (
          <Text size="sm" c="dimmed">
            {say("mail.try.save")}
          </Text>
        )}
        <div>
          <DeedButton
            deed="mail-try"
            hotkey="t"
            variant="default"
            loading={busy}
            disabled={changed || missing}
            onClick={() => void run({ call: () => answer(api.POST("/api/mail/try")), then: setTrial })}
          >
            {say("mail.try.do")}
          </DeedButton>
        </div>
        {trial && (
          <Card tone={trial.trouble ? "urgent" : "good"}>
            {trial.trouble
              ? say("mail.try.failed", { why: trial.trouble })
              : say("mail.try.went", { from: trial.from, to: trial.to })}
          </Card>
        )}
      </Stack>
    </Section>
  );
}
