import { addDays, instantOf, wall } from "@/lib/time";
import { say } from "@/lib/words";

/** A time to snooze until, as people say it. */
export interface SnoozeChoice {
  name: string;
  until: string;
}

const morning = "09:00";
const evening = "18:00";

/** The times worth offering at this moment on the viewer's wall clock, soonest first. */
export function snoozeChoices(now: number, zone: string): SnoozeChoice[] {
  const { date, weekday } = wall(now, zone);
  const at = (day: string, time: string) => instantOf(day, time, zone);
  const untilMonday = (8 - weekday) % 7 || 7;
  const choices: [string, number][] = [
    [say("snooze.hours", { n: 1 }), now + 3600_000],
    [say("snooze.hours", { n: 3 }), now + 3 * 3600_000],
    [say("snooze.evening"), at(date, evening)],
    [say("snooze.tomorrow"), at(addDays(date, 1), morning)],
    [say("snooze.monday"), at(addDays(date, untilMonday), morning)],
    [say("snooze.week"), at(addDays(date, 7), morning)],
  ];
  const seen = new Set<number>();
  return choices
    .filter(([name, t]) => name !== say("snooze.evening") || t > now + 3600_000)
    .filter(([, t]) => !seen.has(t) && seen.add(t))
    .sort((a, b) => a[1] - b[1])
    .map(([name, t]) => ({ name, until: new Date(t).toISOString() }));
}
