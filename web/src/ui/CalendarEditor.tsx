import { ActionIcon, Anchor, Group, Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import { Plus, X } from "lucide-react";
import { zones } from "@/lib/time";
import { say } from "@/lib/words";
import styles from "./CalendarEditor.module.css";

type Weekday = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";

/** Working hours: several stretches a day, and holidays. */
export interface Hours {
  /** Day and night: then nothing else counts. */
  always?: boolean;
  /** Closed on the public holidays there too: DE, GB … */
  country?: string;
  zone: string;
  week: Record<Weekday, { from: string; to: string }[]>;
  holidays: { date: string; name: string }[];
}

const days: Weekday[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** Monday to Friday, nine to five. */
export function usualHours(zone: string): Hours {
  const slot = () => [{ from: "09:00", to: "17:00" }];
  return {
    zone,
    week: { mon: slot(), tue: slot(), wed: slot(), thu: slot(), fri: slot(), sat: [], sun: [] },
    holidays: [],
  };
}

interface Props {
  value: Hours;
  onChange: (value: Hours) => void;
  disabled?: boolean;
}

export function CalendarEditor({ value, onChange, disabled = false }: Props) {
  return (
    <Stack gap="xs">
      <Select
        searchable
        allowDeselect={false}
        maw={320}
        label={say("calendar.zone")}
        description={say("calendar.zone.help")}
        data={zones()}
        value={value.zone}
        disabled={disabled}
        onChange={(zone) => zone && onChange({ ...value, zone })}
      />
      <Switch
        label={say("calendar.always")}
        description={say("calendar.always.help")}
        checked={value.always ?? false}
        disabled={disabled}
        onChange={(e) =>
          onChange(
            e.currentTarget.checked
              ? { zone: value.zone, always: true, week: noWeek(), holidays: [] }
              : usualHours(value.zone),
          )
        }
      />
      {!value.always && <Week value={value} onChange={onChange} disabled={disabled} />}
    </Stack>
  );
}

function noWeek(): Hours["week"] {
  return { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
}

function Week({ value, onChange, disabled }: Required<Props>) {
  const setDay = (day: Weekday, slots: Hours["week"][Weekday]) =>
    onChange({ ...value, week: { ...value.week, [day]: slots } });
  return (
    <Stack gap="xs">
      <div>
        {days.map((day) => (
          <Day
            key={day}
            day={day}
            slots={value.week[day] ?? []}
            disabled={disabled}
            onChange={(slots) => setDay(day, slots)}
          />
        ))}
      </div>
      <TextInput
        maw={320}
        label={say("calendar.country")}
        description={say("calendar.country.help")}
        value={value.country ?? ""}
        disabled={disabled}
        onChange={(e) => onChange({ ...value, country: e.currentTarget.value.toUpperCase() || undefined })}
      />
      <Holidays value={value} onChange={onChange} disabled={disabled} />
    </Stack>
  );
}

function Day({
  day,
  slots,
  disabled,
  onChange,
}: {
  day: Weekday;
  slots: Hours["week"][Weekday];
  disabled: boolean;
  onChange: (slots: Hours["week"][Weekday]) => void;
}) {
  const name = say(`calendar.day.${day}`);
  const set = (i: number, change: Partial<{ from: string; to: string }>) =>
    onChange(slots.map((s, j) => (i === j ? { ...s, ...change } : s)));
  const last = slots[slots.length - 1];
  return (
    <div className={styles["day"]} role="group" aria-label={name}>
      <Text size="sm" className={styles["name"] ?? ""}>
        {name}
      </Text>
      <Group gap={8} flex={1}>
        {slots.length === 0 && (
          <Text size="sm" c="dimmed">
            {say("calendar.closed")}
          </Text>
        )}
        {slots.map((slot, i) => (
          <Group key={i} gap={4} wrap="nowrap">
            <TextInput
              size="xs"
              type="time"
              required
              disabled={disabled}
              aria-label={say("calendar.from", { day: name })}
              value={slot.from}
              onChange={(e) => set(i, { from: e.currentTarget.value })}
            />
            <span aria-hidden>–</span>
            <TextInput
              size="xs"
              type="time"
              required
              disabled={disabled}
              aria-label={say("calendar.to", { day: name })}
              value={slot.to}
              onChange={(e) => set(i, { to: e.currentTarget.value })}
            />
            <ActionIcon
              size={26}
              disabled={disabled}
              aria-label={say("calendar.removeSlot", { day: name })}
              onClick={() => onChange(slots.filter((_, j) => j !== i))}
            >
              <X size={14} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
      </Group>
      <ActionIcon
        size={26}
        disabled={disabled}
        aria-label={say("calendar.addSlot", { day: name })}
        onClick={() => onChange([...slots, last ? { from: last.to, to: "20:00" } : { from: "09:00", to: "17:00" }])}
      >
        <Plus size={15} aria-hidden />
      </ActionIcon>
    </div>
  );
}

function Holidays({ value, onChange, disabled }: Required<Props>) {
  const set = (holidays: Hours["holidays"]) => onChange({ ...value, holidays });
  return (
    <div role="group" aria-label={say("calendar.holidays")}>
      <Text size="sm" fw={550} mb={4}>
        {say("calendar.holidays")}
      </Text>
      <Stack gap={6}>
        {value.holidays.map((h, i) => (
          <Group key={i} gap={6} wrap="nowrap">
            <TextInput
              size="xs"
              type="date"
              required
              disabled={disabled}
              aria-label={say("calendar.holiday.date")}
              value={h.date}
              onChange={(e) => set(value.holidays.map((x, j) => (i === j ? { ...x, date: e.currentTarget.value } : x)))}
            />
            <TextInput
              size="xs"
              flex={1}
              maw={260}
              disabled={disabled}
              aria-label={say("calendar.holiday.name")}
              value={h.name}
              onChange={(e) => set(value.holidays.map((x, j) => (i === j ? { ...x, name: e.currentTarget.value } : x)))}
            />
            <ActionIcon
              size={26}
              disabled={disabled}
              aria-label={say("calendar.holiday.remove", { name: h.name || h.date })}
              onClick={() => set(value.holidays.filter((_, j) => j !== i))}
            >
              <X size={14} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        {!disabled && (
          <Anchor
            component="button"
            type="button"
            size="sm"
            ta="left"
            onClick={() => set([...value.holidays, { date: "", name: "" }])}
          >
            {say("calendar.holiday.add")}
          </Anchor>
        )}
      </Stack>
    </div>
  );
}
