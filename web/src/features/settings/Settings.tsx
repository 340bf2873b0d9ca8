import { Button, Select, Stack, Switch, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { settingsQuery } from "@/api/queries";
import type { Settings } from "@/api/types";
import { zones } from "@/lib/time";
import { say } from "@/lib/words";
import { Async } from "@/ui/Async";
import { CalendarEditor, usualHours } from "@/ui/CalendarEditor";
import { fieldErrors, required, webAddress } from "@/ui/form";
import { Page, Section } from "@/ui/Page";
import { useDo } from "@/ui/useDo";

/** What holds for the whole company. */
export function SettingsPage() {
  return (
    <Page narrow title={say("settings.title")}>
      <Async of={useQuery(settingsQuery)}>{(settings) => <SettingsForm settings={settings} />}</Async>
    </Page>
  );
}

function SettingsForm({ settings }: { settings: Settings }) {
  const { busy, run } = useDo();
  const form = useForm<Settings>({
    initialValues: settings,
    validate: { name: required, publicUrl: webAddress, locale: required },
  });
  return (
    <form
      onSubmit={form.onSubmit((body) =>
        run({
          call: () => answer(api.PUT("/api/settings", { body })),
          said: say("done.saved"),
          then: () => form.resetDirty(body),
          touches: [["settings"], ["session"]],
          failed: (error) => form.setErrors(fieldErrors(error)),
        }),
      )}
    >
      <Section title={say("settings.company")}>
        <Stack gap="sm" maw={460}>
          <TextInput label={say("settings.name")} {...form.getInputProps("name")} />
          <TextInput
            type="url"
            label={say("settings.publicUrl")}
            description={say("settings.publicUrl.help")}
            {...form.getInputProps("publicUrl")}
          />
          <Select
            label={say("settings.zone")}
            description={say("settings.zone.help")}
            searchable
            allowDeselect={false}
            data={zones()}
            {...form.getInputProps("zone")}
          />
          <TextInput
            label={say("settings.locale")}
            description={say("settings.locale.help")}
            {...form.getInputProps("locale")}
          />
        </Stack>
      </Section>
      <Section title={say("settings.hours")} help={say("settings.hours.help")}>
        <Stack gap="sm">
          <Switch
            label={say("settings.hours.set")}
            description={say("settings.hours.set.help")}
            checked={form.values.hours !== undefined}
            onChange={(e) =>
              form.setFieldValue(
                "hours",
                e.currentTarget.checked ? (settings.hours ?? usualHours(settings.zone)) : undefined,
              )
            }
          />
          {form.values.hours && (
            <CalendarEditor value={form.values.hours} onChange={(hours) => form.setFieldValue("hours", hours)} />
          )}
        </Stack>
      </Section>
      <Button mt="lg" type="submit" loading={busy} disabled={!form.isDirty()}>
        {say("do.save")}
      </Button>
    </form>
  );
}
