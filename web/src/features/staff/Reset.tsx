import { Button, PasswordInput, Stack, Text, VisuallyHidden } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { answer, api } from "@/api/client";
import type { Session } from "@/api/types";
import { sentence } from "@/lib/http";
import { say } from "@/lib/words";
import { WaitingPage } from "@/ui/Async";
import { Door } from "@/ui/Door";
import { fieldErrors, password } from "@/ui/form";
import { useDo } from "@/ui/useDo";

/** What a link opens by which a password is set anew: a new one, and in. */
export function Reset({ token, onIn }: { token: string; onIn: (session: Session) => void }) {
  const header = { "Reset-Token": token };
  const whose = useQuery({
    queryKey: ["reset", token],
    queryFn: () => answer(api.GET("/api/reset", { params: { header } })),
    retry: false,
  });
  const { busy, run } = useDo();
  const form = useForm({ initialValues: { password: "" }, validate: { password } });
  if (whose.isPending) {
    return <WaitingPage />;
  }
  if (whose.error) {
    return (
      <Door title={say("reset.bad")}>
        <Text mb="md">{sentence(whose.error)}</Text>
        <Link to="/signin">{say("forgot.back")}</Link>
      </Door>
    );
  }
  return (
    <Door title={say("reset.title")}>
      <Text c="dimmed" size="sm" mb="md">
        {say("reset.help", { name: whose.data.name, organisation: whose.data.organisation || "Switchboard" })}
      </Text>
      <form
        onSubmit={form.onSubmit((body) =>
          run({
            call: () => answer(api.POST("/api/reset", { params: { header }, body })),
            then: onIn,
            failed: (error) => form.setErrors(fieldErrors(error)),
          }),
        )}
      >
        <Stack gap="sm">
          <VisuallyHidden>
            {/* By it a password manager knows whose password this is. */}
            <input
              type="email"
              aria-label={say("signin.email")}
              autoComplete="username"
              readOnly
              tabIndex={-1}
              value={whose.data.email}
            />
          </VisuallyHidden>
          <PasswordInput
            label={say("reset.password")}
            description={say("join.password.help")}
            autoComplete="new-password"
            autoFocus
            {...form.getInputProps("password")}
          />
          <Button type="submit" loading={busy}>
            {say("reset.do")}
          </Button>
        </Stack>
      </form>
    </Door>
  );
}
