import {
  Button,
  Checkbox,
  NativeSelect,
  NumberInput,
  PasswordInput,
  Stack,
  Switch,
  Text,
  TextInput,
} from "@mantine/core";
import { type UseFormReturnType, useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { houseMailQuery } from "@/api/queries";
import type { HouseMail, HouseMailForm } from "@/api/types";
import { say } from "@/lib/words";
import { Async } from "@/ui/Async";
import { fieldErrors } from "@/ui/form";
import { Page, Section } from "@/ui/Page";
import { useDo } from "@/ui/useDo";
import { HouseMailTry } from "./HouseMailTry";
import { Letters } from "./Letters";

/** How the house writes to people who work here: by which server or mailbox, a test, and what became of the last letters. */
export function HouseMailPage() {
  return (
    <Page narrow title={say("mail.title")} summary={say("mail.summary")}>
      <Async of={useQuery(houseMailQuery)}>{(mail) => <HouseMailSettings mail={mail} />}</Async>
    </Page>
  );
}

/** What the form holds; the password only on its way in. */
const valuesOf = (m: HouseMail) => ({
  on: m.on,
  by: m.by?.id ?? "",
  host: m.host,
  port: m.port,
  security: m.security,
  login: m.login,
  password: "",
  removePassword: false,
  from: m.from,
  name: m.name,
  replies: m.replies?.id ?? "",
});
type Values = ReturnType<typeof valuesOf>;

function bodyOf({ by, replies, password, removePassword, ...rest }: Values): HouseMailForm {
  return {
    ...rest,
    ...(by ? { by } : {}),
    ...(replies ? { replies } : {}),
    ...(removePassword || password ? { password: removePassword ? "" : password } : {}),
  };
}

function HouseMailSettings({ mail: m }: { mail: HouseMail }) {
  const { busy, run } = useDo();
  const form = useForm({ initialValues: valuesOf(m) });
  const save = (values: Values) =>
    run({
      call: () => answer(api.PUT("/api/mail", { body: bodyOf(values) })),
      said: say("done.saved"),
      then: (saved) => {
        form.setValues(valuesOf(saved));
        form.resetDirty(valuesOf(saved));
      },
      touches: [["house-mail"]],
      failed: (error) => form.setErrors(fieldErrors(error)),
    });
  return (
    <>
      <form onSubmit={form.onSubmit(save)}>
        <Section title={say("mail.way")}>
          <Stack gap="sm" maw={460}>
            <Switch
              label={say("mail.on")}
              description={say("mail.on.help")}
              {...form.getInputProps("on", { type: "checkbox" })}
            />
            {!form.values.on && (
              <Text size="sm" c="dimmed">
                {say("mail.off")}
              </Text>
            )}
            <NativeSelect
              label={say("mail.by")}
              description={say("mail.by.help")}
              data={[{ value: "", label: say("mail.by.server") }, ...m.mailboxes.map(choice)]}
              {...form.getInputProps("by")}
            />
            {form.values.by === "" && <ServerFields form={form} hasPassword={m.hasPassword} />}
            <TextInput
              label={say("mail.name")}
              description={say("mail.name.help")}
              maxLength={120}
              {...form.getInputProps("name")}
            />
            <NativeSelect
              label={say("mail.replies")}
              description={say("mail.replies.help")}
              data={[
                { value: "", label: say(form.values.by ? "mail.replies.same" : "mail.replies.none") },
                ...m.mailboxes.map(choice),
              ]}
              {...form.getInputProps("replies")}
            />
          </Stack>
        </Section>
        <Button mt="lg" type="submit" loading={busy} disabled={!form.isDirty()}>
          {say("do.save")}
        </Button>
      </form>
      <HouseMailTry mail={m} changed={form.isDirty()} />
      <Letters letters={m.letters} />
    </>
  );
}

const choice = (b: { id: string; name: string; address: string }) => ({
  value: b.id,
  label: b.name === b.address ? b.address : `${b.name} (${b.address})`,
});

function ServerFields({ form, hasPassword }: { form: UseFormReturnType<Values>; hasPassword: boolean }) {
  return (
    <>
      <TextInput
        label={say("mail.host")}
        description={say("mail.host.help")}
        autoComplete="off"
        {...form.getInputProps("host")}
      />
      <NativeSelect
        label={say("mail.security")}
        description={say("mail.security.help")}
        data={(["tls", "starttls", "plain"] as const).map((value) => ({ value, label: say(`mail.security.${value}`) }))}
        {...form.getInputProps("security")}
      />
      <NumberInput
        label={say("mail.port")}
        description={say("mail.port.help")}
        min={1}
        max={65535}
        {...form.getInputProps("port")}
      />
      <TextInput
        type="email"
        label={say("mail.from")}
        description={say("mail.from.help")}
        placeholder={say("mail.from.placeholder")}
        autoComplete="off"
        {...form.getInputProps("from")}
      />
      <TextInput
        label={say("mail.login")}
        description={say("mail.login.help")}
        autoComplete="off"
        {...form.getInputProps("login")}
      />
      <PasswordInput
        label={say("mail.password")}
        description={say("mail.password.help")}
        autoComplete="new-password"
        placeholder={hasPassword ? say("mail.password.keep") : ""}
        disabled={form.values.removePassword}
        {...form.getInputProps("password")}
      />
      {hasPassword && (
        <Checkbox
          label={say("mail.password.remove")}
          description={say("mail.password.remove.help")}
          {...form.getInputProps("removePassword", { type: "checkbox" })}
        />
      )}
    </>
  );
}
