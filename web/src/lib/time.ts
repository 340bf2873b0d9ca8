import { say } from "./words";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A length of time as people say it, the largest unit only: "12 min", "3 h", "2 d". Never "0 min". */
export function span(ms: number): string {
  const length = Math.abs(ms);
  if (length < 60 * minute) {
    return say("time.minutes", { n: Math.max(1, Math.round(length / minute)) });
  }
  if (length < 24 * hour) {
    return say("time.hours", { n: Math.round(length / hour) });
  }
  return say("time.days", { n: Math.round(length / day) });
}

/** What is left until due: "12 min left", "3 min over". */
export function left(due: string, now: number): string {
  const ms = Date.parse(due) - now;
  return ms >= 0 ? say("time.left", { span: span(ms) }) : say("time.over", { span: span(ms) });
}

/** How long ago, or until: "now", "4 min ago", "in 2 h". */
export function ago(at: string, now: number): string {
  const ms = now - Date.parse(at);
  if (Math.abs(ms) < minute) {
    return say("time.now");
  }
  return ms > 0 ? say("time.ago", { span: span(ms) }) : say("time.in", { span: span(ms) });
}

/** A moment for a narrow column: "now", "4 min", "15:04" today, "Tue" this week, "12 Mar", "12 Mar 2024". */
export function brief(at: string, now: number, zone: string): string {
  const then = Date.parse(at);
  const ms = now - then;
  if (ms < minute) {
    return say("time.now");
  }
  if (ms < hour) {
    return span(ms);
  }
  if (wall(then, zone).date === wall(now, zone).date) {
    return format(then, zone, { hour: "2-digit", minute: "2-digit" });
  }
  if (ms < 6 * day) {
    return format(then, zone, { weekday: "short" });
  }
  const sameYear = wall(then, zone).year === wall(now, zone).year;
  return format(then, zone, { day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) });
}

/** The day of a moment: "12 Mar". */
export function date(at: string, zone: string): string {
  return format(Date.parse(at), zone, { day: "numeric", month: "short" });
}

/** The exact moment in the viewer's zone, with the zone's short name: "Mon 24 Nov 2025, 15:04 CET". */
export function exact(at: string, zone: string): string {
  return format(Date.parse(at), zone, {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  });
}

/** A future moment as people say it: "today 15:00", "tomorrow 09:00", "Mon 24 Nov, 09:00". */
export function soon(at: string, now: number, zone: string): string {
  const then = Date.parse(at);
  const time = format(then, zone, { hour: "2-digit", minute: "2-digit" });
  const date = wall(then, zone).date;
  if (date === wall(now, zone).date) {
    return say("time.today", { time });
  }
  if (date === addDays(wall(now, zone).date, 1)) {
    return say("time.tomorrow", { time });
  }
  return format(then, zone, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}

/** A heading for a day of a timeline: "Monday 24 November". */
export function dayHeading(at: string, zone: string): string {
  return format(Date.parse(at), zone, { weekday: "long", day: "numeric", month: "long" });
}

/** The clock on the wall of a zone at an instant. */
export interface Wall {
  /** 2025-11-24 */
  date: string;
  /** 15:04 */
  time: string;
  year: number;
  /** 0 is Sunday. */
  weekday: number;
}

export function wall(instant: number, zone: string): Wall {
  const part: Record<string, string> = {};
  for (const p of formatter(zone, {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(instant)) {
    part[p.type] = p.value;
  }
  const date = `${part["year"]}-${part["month"]}-${part["day"]}`;
  return {
    date,
    time: `${part["hour"]}:${part["minute"]}`,
    year: Number(part["year"]),
    weekday: new Date(`${date}T00:00:00Z`).getUTCDay(),
  };
}

/**
 * The instant at which a zone's wall shows date and time. In the hour that a clock change skips, the moment as far
 * after the change; in the hour that comes twice, the first.
 */
export function instantOf(date: string, time: string, zone: string): number {
  const naive = Date.parse(`${date}T${time}:00Z`);
  let guess = naive;
  for (let i = 0; i < 3; i++) {
    const w = wall(guess, zone);
    const off = naive - Date.parse(`${w.date}T${w.time}:00Z`);
    if (off === 0) {
      return guess;
    }
    guess += off;
  }
  return guess;
}

/** The date n days after date (YYYY-MM-DD). */
export function addDays(date: string, n: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + n * day).toISOString().slice(0, 10);
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = zone + JSON.stringify(options);
  let made = formatters.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: knownZone(zone) });
    formatters.set(key, made);
  }
  return made;
}

function format(instant: number, zone: string, options: Intl.DateTimeFormatOptions): string {
  return formatter(zone, options).format(instant);
}

/** A zone this browser knows: the one asked for, else UTC. */
function knownZone(zone: string): string {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return zone;
  } catch {
    return "UTC";
  }
}

/** Every zone this browser knows, for a choice. */
export function zones(): string[] {
  return Intl.supportedValuesOf("timeZone");
}
