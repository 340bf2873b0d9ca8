import { Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { ReactNode } from "react";
import type { SetupAnswers } from "@/api/types";
import { zones } from "@/lib/time";
import { say } from "@/lib/words";
import { required, webAddress } from "@/ui/form";

type Company = SetupAnswers["organisation"];

interface Props {
  value: Company;
  errors: Record<string, ReactNode>;
  onBack: () => void;
  onNext: (value: Company) => void;
}

/** What was found out, shown for confirmation. */
export function CompanyStep({ value, errors, onBack, onNext }: Props) {
  const form = useForm({
    initialValues: value,
    initialErrors: {
      name: errors["organisation.name"],
      publicUrl: errors["organisation.publicUrl"],
      zone: errors["organisation.zone"],
      locale: errors["organisation.locale"],
    },
    validate: { name: required, publicUrl: webAddress, zone: required, locale: required },
  });
  return (
    <form onSubmit={form.onSubmit(onNext)}>
      <Stack gap="sm">
        <Text c="dimmed" size="sm">
          {say("setup.company.help")}
        </Text>
        <TextInput
          autoFocus
          autoComplete="organization"
          label={say("setup.company.name")}
          {...form.getInputProps("name")}
        />
        <TextInput
          type="url"
          label={say("setup.company.url")}
          description={say("setup.company.url.help")}
          {...form.getInputProps("publicUrl")}
        />
        <Select
          searchable
          allowDeselect={false}
          label={say("setup.company.zone")}
          description={say("setup.company.zone.help")}
          data={zones()}
          {...form.getInputProps("zone")}
        />
        <TextInput
          label={say("setup.company.locale")}
          description={say("setup.company.locale.help")}
          {...form.getInputProps("locale")}
        />
        <Group justify="space-between" mt="xs">
          <Button variant="default" onClick={onBack}>
            {say("do.back")}
          </Button>
          <Button type="submit">{say("do.next")}</Button>
        </Group>
      </Stack>
    </form>
  );
}
