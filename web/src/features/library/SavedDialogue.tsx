import {
  Button,
  Card,
  CloseButton,
  Group,
  Modal,
  NativeSelect,
  NumberInput,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { answer, api } from "@/api/client";
import { departmentsQuery } from "@/api/queries";
import { useMay, useMe } from "@/api/session";
import type { SavedBody, SavedDeed, SavedReply } from "@/api/types";
import { Problem } from "@/lib/http";
import { say } from "@/lib/words";
import { fieldErrors } from "@/ui/form";
import { useDo } from "@/ui/useDo";
import { deedTitle, kinds } from "./deeds";
import { languages } from "./languages";
import styles from "./Library.module.css";

/** A saved reply being written. */
export function SavedDialogue({ saved, onClose }: { saved: SavedReply | undefined; onClose: () => void }) {
  const [form, setForm] = useState(() => formOf(saved));
  const [version, setVersion] = useState(saved?.version ?? 0);
  const [theirs, setTheirs] = useState<SavedReply>();
  const [errors, setErrors] = useState<Record<string, ReactNode>>({});
  const { busy, run } = useDo();
  const change = saved === undefined || saved.can.includes("change");
  const set = (next: Partial<typeof form>) => setForm({ ...form, ...next });
  const save = (over = version) =>
    run({
      call: () =>
        answer(
          saved
            ? api.PUT("/api/saved-replies/{id}", { params: { path: { id: saved.id } }, body: { ...bodyOf(form), version: over } })
            : api.POST("/api/saved-replies", { body: bodyOf(form) }),
        ), // prettier-ignore
      said: say("saved.saved"),
      then: onClose,
      touches: [["saved"]],
      failed: (error) => {
        if (saved && error instanceof Problem && error.status === 409) {
          void answer(api.GET("/api/saved-replies")).then(({ items }) => {
            const now = items.find((s) => s.id === saved.id);
            setTheirs(now);
            setVersion(now?.version ?? version);
          });
          return true;
        }
        const wrong = fieldErrors(error);
        setErrors(wrong);
        return ["shortcut", "name", "text", "language", "department", "deeds", "moment"].some((f) => f in wrong);
      },
    });
  return (
    <Modal opened size="lg" onClose={onClose} title={saved?.name ?? say("saved.add")}>
      <form
        onSubmit={(e: FormEvent) => {
          e.preventDefault();
          void save();
        }}
      >
        {theirs && (
          <Card withBorder mb="sm" role="alert">
            <Text size="sm">{say("saved.conflict")}</Text>
            <pre className={styles["plain"]}>{theirs.text}</pre>
            <Button mt="xs" size="xs" onClick={() => void save(theirs.version)}>
              {say("saved.conflict.mine")}
            </Button>
          </Card>
        )}
        <fieldset disabled={!change} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
          <Stack gap="sm">
            <Group grow align="flex-start">
              <TextInput data-autofocus required maxLength={160} label={say("saved.name")} value={form.name} error={errors["name"]} onChange={(e) => set({ name: e.currentTarget.value })} />
              <TextInput required maxLength={41} label={say("saved.shortcut")} description={say("saved.shortcut.help")} leftSection="/" value={form.shortcut} error={errors["shortcut"]} onChange={(e) => set({ shortcut: e.currentTarget.value.replace(/^\//, "") })} />
            </Group>
            <Textarea autosize minRows={4} maxRows={14} label={say("saved.text")} description={say("saved.text.help", { variables: "{{contact.first_name}}, {{me.name}}, {{account}} …" })} dir="auto" value={form.text} error={errors["text"]} onChange={(e) => set({ text: e.currentTarget.value })} />
            <Group grow align="flex-start">
              <Whose form={form} set={set} error={errors["department"]} />
              <Select clearable searchable label={say("saved.language")} description={say("saved.language.help")} placeholder={say("saved.language.any")} data={languages()} value={form.language || null} error={errors["language"]} onChange={(language) => set({ language: language ?? "" })} />
            </Group>
            <Deeds form={form} set={set} error={errors["deeds"] ?? errors["moment"]} />
          </Stack>
        </fieldset>
        {change && (
          <Group justify="space-between" mt="md">
            {saved ? <Remove saved={saved} onGone={onClose} /> : <span />}
            <Button type="submit" loading={busy} disabled={!form.name.trim() || !form.shortcut.trim()}>
              {say("do.save")}
            </Button>
          </Group>
        )}
      </form>
    </Modal>
  ); // prettier-ignore
}

interface Form {
  name: string;
  shortcut: string;
  text: string;
  language: string;
  /** "own", "all", or a department. */
  whose: string;
  deeds: SavedDeed[];
  moment: "send" | "now";
}

const formOf = (s: SavedReply | undefined): Form => ({
  name: s?.name ?? "",
  shortcut: s?.shortcut ?? "",
  text: s?.text ?? "",
  language: s?.language ?? "",
  whose: s === undefined || s.own ? "own" : (s.department?.id ?? "all"),
  deeds: s?.deeds ?? [],
  moment: s?.moment ?? "send",
});

const bodyOf = (f: Form): SavedBody => ({
  own: f.whose === "own",
  ...(f.whose === "own" || f.whose === "all" ? {} : { department: f.whose }),
  name: f.name,
  shortcut: f.shortcut,
  text: f.text,
  language: f.language,
  moment: f.text.trim() ? f.moment : "now",
  deeds: f.deeds.map((d) => ({
    do: d.do,
    ...(d.tags ? { tags: d.tags.map((t) => t.trim()).filter(Boolean) } : {}),
    ...(d.department ? { department: d.department.id } : {}),
    ...(d.person ? { person: d.person.id } : {}),
    ...(d.hours ? { hours: d.hours } : {}),
    ...(d.text ? { text: d.text } : {}),
  })),
});

interface PartProps {
  form: Form;
  set: (next: Partial<Form>) => void;
  error: ReactNode;
}

function Whose({ form, set, error }: PartProps) {
  const all = useMay("see.all");
  const share = useMay("library.change");
  const me = useMe();
  const departments = useQuery(departmentsQuery).data ?? [];
  const mine = departments.filter((d) => all || me.departments.some((m) => m.id === d.id));
  return (
    <NativeSelect
      label={say("saved.whose")}
      description={say("saved.whose.help")}
      error={error}
      data={[
        { value: "own", label: say("saved.whose.own") },
        ...(share ? mine.map((d) => ({ value: d.id, label: d.name })) : []),
        ...(share && all ? [{ value: "all", label: say("saved.whose.all") }] : []),
      ]}
      value={form.whose}
      onChange={(e) => set({ whose: e.currentTarget.value })}
    />
  );
}

function Deeds({ form, set, error }: PartProps) {
  const help = useId();
  const left = kinds.filter((k) => !form.deeds.some((d) => d.do === k));
  const put = (d: SavedDeed) => set({ deeds: form.deeds.map((o) => (o.do === d.do ? d : o)) });
  return (
    <div role="group" aria-label={say("saved.deeds")} aria-describedby={help}>
      <Text size="sm" fw={500} mb={4}>
        {say("saved.deeds")}
      </Text>
      <Text id={help} size="xs" c="dimmed" mb={4}>
        {say("saved.deeds.help")}
      </Text>
      {form.deeds.map((d) => (
        <div key={d.do} className={styles["deedRow"]}>
          <Text size="sm" w={110}>
            {say(`saved.deed.${d.do}`)}
          </Text>
          <DeedFields deed={d} onChange={put} />
          <CloseButton
            aria-label={say("saved.deeds.remove", { deed: deedTitle(d) })}
            onClick={() => set({ deeds: form.deeds.filter((o) => o !== d) })}
          />
        </div>
      ))}
      {error && (
        <Text size="xs" c="red" role="alert">
          {error}
        </Text>
      )}
      <Group gap="xs">
        {left.length > 0 && (
          <NativeSelect
            size="xs"
            aria-label={say("saved.deeds.add")}
            data={[{ value: "", label: say("saved.deeds.add") }, ...left.map((value) => ({ value, label: say(`saved.deed.${value}`) }))]}
            value=""
            onChange={(e) => {
              const kind = e.currentTarget.value as SavedDeed["do"];
              set({ deeds: [...form.deeds, { do: kind, ...(kind === "snooze" ? { hours: 24 } : {}) }] });
            }}
          />
        )}
        {form.deeds.length > 0 && form.text.trim() !== "" && (
          <NativeSelect
            size="xs"
            aria-label={say("saved.moment")}
            data={(["send", "now"] as const).map((value) => ({ value, label: say(`saved.moment.${value}`) }))}
            value={form.moment}
            onChange={(e) => set({ moment: e.currentTarget.value as Form["moment"] })}
          />
        )}
      </Group>
    </div>
  ); // prettier-ignore
}

function DeedFields({ deed: d, onChange }: { deed: SavedDeed; onChange: (d: SavedDeed) => void }) {
  const departments = useQuery(departmentsQuery).data ?? [];
  switch (d.do) {
    case "tag":
      return (
        <TextInput
          size="xs"
          placeholder={say("saved.deed.tags")}
          aria-label={say("saved.deed.tags")}
          value={(d.tags ?? []).join(",")}
          onChange={(e) => onChange({ ...d, tags: e.currentTarget.value.split(",") })}
        />
      );
    case "snooze":
      return (
        <NumberInput
          size="xs"
          w={100}
          min={1}
          max={8760}
          aria-label={say("saved.deed.hours")}
          value={d.hours ?? 24}
          onChange={(n) => onChange({ ...d, hours: Number(n) || 1 })}
          suffix=" h"
        />
      );
    case "note":
      return (
        <TextInput
          size="xs"
          flex={1}
          aria-label={say("saved.deed.text")}
          value={d.text ?? ""}
          onChange={(e) => onChange({ ...d, text: e.currentTarget.value })}
        />
      );
    case "handover":
      return (
        <Select
          size="xs"
          searchable
          aria-label={say("saved.deed.to")}
          placeholder={say("saved.deed.to")}
          data={departments.map((x) => ({ value: x.id, label: x.name }))}
          value={d.department?.id ?? null}
          onChange={(id) => {
            const x = departments.find((k) => k.id === id);
            onChange(x ? { do: "handover", department: { id: x.id, name: x.name } } : { do: "handover" });
          }}
        />
      );
    default:
      return <span style={{ flex: 1 }} />;
  }
}

function Remove({ saved, onGone }: { saved: SavedReply; onGone: () => void }) {
  const { busy, run } = useDo();
  const again = () =>
    run({ call: () => answer(api.POST("/api/saved-replies", { body: bodyOf(formOf(saved)) })), touches: [["saved"]] });
  return (
    <Button
      variant="subtle"
      color="red"
      loading={busy}
      onClick={() =>
        run({
          call: () => answer(api.DELETE("/api/saved-replies/{id}", { params: { path: { id: saved.id } } })),
          said: say("saved.removed"),
          undo: again,
          then: onGone,
          touches: [["saved"]],
        })
      }
    >
      {say("saved.remove")}
    </Button>
  );
}
