import { Button, Checkbox, Group, Radio, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { answer, api } from "@/api/client";
import type { NotificationKind, NotificationSettings } from "@/api/types";
import { say } from "@/lib/words";
import { Async } from "@/ui/Async";
import { fieldErrors } from "@/ui/form";
import { Page, Section } from "@/ui/Page";
import { useDo } from "@/ui/useDo";
import styles from "./Notify.module.css";
import { PushHere } from "./PushHere";
import { notificationSettingsQuery } from "./queries";

const ways = ["list", "push", "mail"] as const;

/** What I am told of, how, and when not. */
export function NotificationSettingsPage() {
  return (
    <Page narrow title={say("notify.settings")} summary={say("notify.settings.summary")}>
      <Async of={useQuery(notificationSettingsQuery)}>
        {(settings) => (
          <>
            <SettingsForm settings={settings} />
            <PushHere settings={settings} />
          </>
        )}
      </Async>
    </Page>
  );
}

/** What is sent of the settings: what the server alone knows is left out. */
function sent(s: NotificationSettings) {
  return {
    kinds: s.kinds.map(({ kind, list, push, mail }) => ({ kind, list, push, mail })),
    quiet: s.quiet,
    from: s.from,
    until: s.until,
    urgent: s.urgent,
    digest: s.digest,
    words: s.words,
  };
}

function SettingsForm({ settings }: { settings: NotificationSettings }) {
  const { busy, run } = useDo();
  const form = useForm<NotificationSettings>({ initialValues: settings });
  const v = form.values;
  const setKind = (k: NotificationKind, change: Partial<NotificationKind>) =>
    form.setFieldValue(
      "kinds",
      v.kinds.map((x) => (x.kind === k.kind ? { ...x, ...change } : x)),
    );
  return (
    <form
      onSubmit={form.onSubmit((body) =>
        run({
          call: () => answer(api.PUT("/api/notifications/settings", { body: sent(body) })),
          said: say("notify.saved"),
          then: (now) => form.resetDirty({ ...body, ...now }),
          touches: [["notifications", "settings"]],
          failed: (error) => form.setErrors(fieldErrors(error)),
        }),
      )}
    >
      <KindTable kinds={v.kinds} onKind={setKind} />
      {!v.mailReady && (
        <Text size="sm" c="dimmed" mt="xs">
          {say("notify.mailOff")}
        </Text>
      )}
      <Section title={say("notify.when")}>
        <Stack gap="md" maw={460}>
          <Radio.Group
            label={say("notify.quiet")}
            description={say("notify.quiet.help")}
            {...form.getInputProps("quiet")}
          >
            <Stack gap={8} mt={8}>
              {(["hours", "times", "off"] as const).map((q) => (
                <Radio key={q} value={q} label={say(`notify.quiet.${q}`)} />
              ))}
            </Stack>
          </Radio.Group>
          {v.quiet === "times" && (
            <>
              <Group gap="sm" align="flex-end">
                <TextInput
                  type="time"
                  w={215}
                  label={say("notify.from")}
                  description={say("notify.from.help")}
                  {...form.getInputProps("from")}
                />
                <TextInput
                  type="time"
                  w={215}
                  label={say("notify.until")}
                  description={say("notify.until.help")}
                  {...form.getInputProps("until")}
                />
              </Group>
              <Text size="xs" c="dimmed">
                {say("notify.zone", { zone: v.zone })}
              </Text>
            </>
          )}
          {v.quiet !== "off" && (
            <Switch
              label={say("notify.urgentThrough")}
              description={say("notify.urgentThrough.help")}
              {...form.getInputProps("urgent", { type: "checkbox" })}
            />
          )}
          <Radio.Group
            label={say("notify.digest")}
            description={say("notify.digest.help")}
            {...form.getInputProps("digest")}
          >
            <Stack gap={8} mt={8}>
              {(["now", "hourly", "morning"] as const).map((d) => (
                <Radio key={d} value={d} label={say(`notify.digest.${d}`)} />
              ))}
            </Stack>
          </Radio.Group>
          <Switch
            label={say("notify.words")}
            description={say("notify.words.help")}
            {...form.getInputProps("words", { type: "checkbox" })}
          />
        </Stack>
      </Section>
      <Button mt="lg" type="submit" loading={busy} disabled={!form.isDirty()}>
        {say("do.save")}
      </Button>
    </form>
  );
}

function KindTable({
  kinds,
  onKind,
}: {
  kinds: NotificationKind[];
  onKind: (k: NotificationKind, change: Partial<NotificationKind>) => void;
}) {
  const help = useId();
  return (
    <>
      <Text id={help} size="sm" c="dimmed" mb="xs">
        {say("notify.kinds.help")}
      </Text>
      <table className={styles["kinds"]}>
        <thead>
          <tr>
            <th scope="col">{say("notify.kind")}</th>
            {ways.map((w) => (
              <th key={w} scope="col">
                {say(`notify.${w}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {kinds.map((k) => (
            <tr key={k.kind}>
              <th scope="row">{k.title}</th>
              {ways.map((w) => (
                <td key={w}>
                  <span className={styles["check"]}>
                    <Checkbox
                      aria-label={say("notify.label", { kind: k.title, way: say(`notify.${w}`) })}
                      aria-describedby={help}
                      checked={k[w]}
                      // Pushes and mail lead to the list, so that there is nothing of a kind that does not stand there.
                      disabled={w !== "list" && !k.list}
                      onChange={(e) => {
                        const on = e.currentTarget.checked;
                        onKind(k, w === "list" && !on ? { list: false, push: false, mail: false } : { [w]: on });
                      }}
                    />
                  </span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
