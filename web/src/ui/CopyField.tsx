import { Button, CopyButton, Group, TextInput } from "@mantine/core";
import { Check, Copy } from "lucide-react";
import { say } from "@/lib/words";

interface Props {
  label: string;
  value: string;
  description?: string;
  /** What it is stands above it already: the label is for those who hear the page. */
  quiet?: boolean;
}

/** A text to be taken elsewhere. */
export function CopyField({ label, value, description, quiet = false }: Props) {
  return (
    <Group align="flex-end" gap="xs" wrap="nowrap">
      <TextInput
        flex={1}
        readOnly
        {...(quiet ? { "aria-label": label } : { label })}
        description={description}
        value={value}
        onFocus={(e) => e.currentTarget.select()}
      />
      <CopyButton value={value} timeout={2000}>
        {({ copied, copy }) => (
          <Button
            variant="default"
            onClick={copy}
            leftSection={copied ? <Check size={15} aria-hidden /> : <Copy size={15} aria-hidden />}
          >
            {copied ? say("do.copied") : say("do.copy")}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
