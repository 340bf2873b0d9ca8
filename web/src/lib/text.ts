/** A stretch of a message: plain, or an address that can be opened. */
export interface Stretch {
  text: string;
  href?: string;
}

const link = /https?:\/\/[^\s<>"]+/g;

/** Splits text into plain stretches and links. Only http and https; a closing bracket or full stop is not part of it. */
export function stretches(text: string): Stretch[] {
  const found: Stretch[] = [];
  let from = 0;
  for (const match of text.matchAll(link)) {
    const address = trimEnd(match[0]);
    if (!isAddress(address)) {
      continue;
    }
    if (match.index > from) {
      found.push({ text: text.slice(from, match.index) });
    }
    found.push({ text: address, href: address });
    from = match.index + address.length;
  }
  if (from < text.length) {
    found.push({ text: text.slice(from) });
  }
  return found;
}

function trimEnd(address: string): string {
  let cut = address.replace(/[.,;:!?'"»”]+$/, "");
  if (cut.endsWith(")") && !cut.includes("(")) {
    cut = cut.slice(0, -1);
  }
  return cut;
}

function isAddress(text: string): boolean {
  try {
    const { protocol } = new URL(text);
    return protocol === "https:" || protocol === "http:";
  } catch {
    return false;
  }
}

/** The address when it is one that may stand in an href: nothing but http and https. */
export function safeHref(address: string | undefined): string | undefined {
  return address && isAddress(address) ? address : undefined;
}

/** One or two letters for a name without a picture. */
export function initials(name: string): string {
  const words = name
    .replace(/^@/, "")
    .split(/[\s._-]+/)
    .filter(Boolean);
  const letters = [words[0], words.length > 1 ? words[words.length - 1] : undefined];
  return (
    letters
      .map((w) => Array.from(w ?? "")[0] ?? "")
      .join("")
      .toUpperCase() || "?"
  );
}

/** A number from a text, the same every time: which of n colours somebody has. */
export function pick(text: string, n: number): number {
  let h = 0;
  for (let i = 0; i < text.length; i++) {
    h = (h * 31 + text.charCodeAt(i)) >>> 0;
  }
  return h % n;
}

/** A size in bytes as people say it. */
export function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB"];
  let n = bytes;
  let i = 0;
  while (n >= 1000 && i < units.length - 1) {
    n /= 1000;
    i++;
  }
  return `${n >= 10 || i === 0 ? Math.round(n) : n.toFixed(1)} ${units[i]}`;
}

/** A handle without the server it lives on, where room is short: "@acme_help" of "@acme_help@social.example". */
export function shortHandle(handle: string): string {
  return /^(@[^@\s]+)@[^@\s]+$/.exec(handle)?.[1] ?? handle;
}

/** The first of several names in which there is something to see: some are made of marks that show nothing. */
export function firstVisible(...names: (string | undefined)[]): string | undefined {
  const blank = /[\u115f\u1160\u2800\u3164\uffa0]/g;
  return names.find((name) => name !== undefined && /[\p{L}\p{N}\p{P}\p{S}]/u.test(name.replace(blank, "")));
}

const languages = new Intl.DisplayNames("en", { type: "language" });

/** The English name of a language by its code; "" when there is none. */
export function languageName(code: string): string {
  try {
    return (code && languages.of(code)) || code;
  } catch {
    return code;
  }
}
