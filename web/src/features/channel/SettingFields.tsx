import { NumberInput, PasswordInput, Select, Switch, TextInput } from "@mantine/core";
import type { AboutSetting } from "@/api/types";
import { say } from "@/lib/words";

export type Answers = Record<string, string | number | boolean>;

/** The answers before anybody has given one. */
export function emptyAnswers(settings: AboutSetting[] | null): Answers {
  return Object.fromEntries(
    (settings ?? []).map((s) => [s.name, s.kind === "bool" ? s.default === "true" : (s.default ?? "")]),
  );
}

/** What is still to be answered, by setting. Secrets may stay blank where one is kept. */
export function unanswered(
  settings: AboutSetting[] | null,
  answers: Answers,
  keepsSecrets: boolean,
): Record<string, string> {
  const missing = (settings ?? []).filter(
    (s) =>
      s.required &&
      s.kind !== "bool" &&
      !(keepsSecrets && s.kind === "secret") &&
      String(answers[s.name] ?? "").trim() === "",
  );
  return Object.fromEntries(missing.map((s) => [s.name, say("form.required")]));
}

interface Props {
  settings: AboutSetting[] | null;
  answers: Answers;
  errors: Record<string, string>;
  onChange: (answers: Answers) => void;
  /** Blank secrets keep what is there. */
  keepsSecrets?: boolean;
  /** What a blank secret is told when the kept one is not for the server that is named now. */
  moved?: string | undefined;
}

/** Whether other answers than those before name the server that the secrets go to. */
export function movedTo(settings: AboutSetting[] | null, before: Answers, answers: Answers): boolean {
  const meant = (s: AboutSetting, of: Answers) => String(of[s.name] ?? "").trim() || (s.default ?? "");
  return settings?.some((s) => s.server && meant(s, before) !== meant(s, answers)) ?? false;
}

/** The questions of a channel, drawn from what its connector says of itself: a new channel needs no new screen. */
export function SettingFields({ settings, answers, errors, onChange, keepsSecrets = false, moved }: Props) {
  return settings?.map((s) => (
    <Field
      key={s.name}
      setting={s}
      value={answers[s.name] ?? ""}
      error={errors[s.name]}
      keepsSecrets={keepsSecrets}
      moved={moved}
      onChange={(value) => onChange({ ...answers, [s.name]: value })}
    />
  ));
}

interface FieldProps {
  setting: AboutSetting;
  value: string | number | boolean;
  error: string | undefined;
  keepsSecrets: boolean;
  moved: string | undefined;
  onChange: (value: string | number | boolean) => void;
}

function Field({ setting: s, value, error, keepsSecrets, moved, onChange }: FieldProps) {
  const common = {
    label: s.title,
    description: s.help,
    error,
    required: s.required && !(keepsSecrets && s.kind === "secret"),
    withAsterisk: false,
  };
  switch (s.kind) {
    case "bool":
      return (
        <Switch
          label={s.title}
          description={s.help}
          checked={value === true}
          onChange={(e) => onChange(e.currentTarget.checked)}
        />
      );
    case "secret":
      return (
        <PasswordInput
          {...common}
          autoComplete="off"
          error={error ?? (value === "" ? moved : undefined)}
          placeholder={keepsSecrets && !moved ? say("connect.secret.keep") : undefined}
          value={String(value)}
          onChange={(e) => onChange(e.currentTarget.value)}
        />
      );
    case "number":
      return <NumberInput {...common} value={value === "" ? "" : Number(value)} onChange={onChange} />;
    case "choice":
      return (
        <Select
          {...common}
          data={s.choices ?? []}
          allowDeselect={!s.required}
          value={String(value) || null}
          onChange={(v) => onChange(v ?? "")}
        />
      );
    default:
      return (
        <TextInput
          {...common}
          type={s.kind === "url" ? "url" : "text"}
          autoCapitalize="none"
          spellCheck={false}
          value={String(value)}
          onChange={(e) => onChange(e.currentTarget.value)}
        />
      );
  }
}
