import { Button, Group, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { ReactNode } from "react";
import type { SetupAnswers } from "@/api/types";
import { say } from "@/lib/words";
import { email, password, required } from "@/ui/form";

type Administrator = SetupAnswers["administrator"];

interface Props {
  value: Administrator;
  errors: Record<string, ReactNode>;
  onNext: (value: Administrator) => void;
}

export function AdministratorStep({ value, errors, onNext }: Props) {
  const form = useForm({
    initialValues: value,
    initialErrors: {
      name: errors["administrator.name"],
      email: errors["administrator.email"],
      password: errors["administrator.password"],
    },
    validate: { name: required, email, password },
  });
  return (
    <form onSubmit={form.onSubmit(onNext)}>
      <Stack gap="sm">
        <Text c="dimmed" size="sm">
          {say("setup.admin.help")}
        </Text>
        <TextInput autoFocus autoComplete="name" label={say("setup.admin.name")} {...form.getInputProps("name")} />
        <TextInput
          type="email"
          autoComplete="username"
          label={say("setup.admin.email")}
          {...form.getInputProps("email")}
        />
        <PasswordInput
          autoComplete="new-password"
          label={say("setup.admin.password")}
          description={say("join.password.help")}
          {...form.getInputProps("password")}
        />
        <Group justify="flex-end" mt="xs">
          <Button type="submit">{say("do.next")}</Button>
        </Group>
      </Stack>
    </form>
  );
}
