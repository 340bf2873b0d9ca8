import { Anchor, Button, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { say } from "@/lib/words";
import { email, fieldErrors } from "@/ui/form";
import { useDo } from "@/ui/useDo";

/** Asking for a link to set a forgotten password anew. Whether anybody works here under an address is not said. */
export function Forgot({ address, onBack }: { address: string; onBack: () => void }) {
  const { busy, run } = useDo();
  const form = useForm({ initialValues: { email: address }, validate: { email } });
  const [asked, setAsked] = useState("");
  if (asked) {
    return (
      <Stack gap="sm">
        <Text role="status">{say("forgot.asked", { email: asked })}</Text>
        <Text size="sm" c="dimmed">
          {say("forgot.wait")}
        </Text>
        <BackToSignIn onBack={onBack} />
      </Stack>
    );
  }
  return (
    <form
      onSubmit={form.onSubmit((body) =>
        run({
          call: () => answer(api.POST("/api/resets", { body })),
          then: () => setAsked(body.email.trim()),
          failed: (error) => form.setErrors(fieldErrors(error)),
        }),
      )}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {say("forgot.help")}
        </Text>
        <TextInput
          type="email"
          autoComplete="username"
          data-autofocus
          autoFocus
          label={say("signin.email")}
          {...form.getInputProps("email")}
        />
        <Button type="submit" loading={busy}>
          {say("forgot.do")}
        </Button>
        <BackToSignIn onBack={onBack} />
      </Stack>
    </form>
  );
}

const BackToSignIn = ({ onBack }: { onBack: () => void }) => (
  <Anchor component="button" type="button" size="sm" onClick={onBack}>
    {say("forgot.back")}
  </Anchor>
);
