import { Checkbox, Stack, Textarea } from "@mantine/core";
import { say } from "@/lib/words";
import styles from "./Composer.module.css";

interface Props {
  /** undefined: the public reads nothing. */
  value: string | undefined;
  suggested: string;
  help: string;
  onChange: (value: string | undefined) => void;
  error?: string | undefined;
}

/** What everybody reads when a talk goes on in private: suggested in its language, and editable. */
export function ClosingLine({ value, suggested, help, onChange, error }: Props) {
  return (
    <Stack gap={6} className={styles["closing"]}>
      <Checkbox
        label={say("private.closing.on")}
        checked={value !== undefined}
        onChange={(e) => onChange(e.currentTarget.checked ? suggested : undefined)}
      />
      {value !== undefined && (
        <Textarea
          autosize
          minRows={2}
          maxRows={5}
          label={say("private.closing")}
          description={help}
          error={error}
          value={value}
          onChange={(e) => onChange(e.currentTarget.value)}
        />
      )}
    </Stack>
  );
}
