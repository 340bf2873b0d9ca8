import { isSeen, rows } from "@/lib/actions";

/** Something on the page that a person can press, choose or fill in. */
export interface OnPage {
  name: string;
  /** Where it stands: the row's name, or the part of the page. */
  where: string;
  run: () => void;
}

/** What can be pressed, and what can be filled in. */
const pressed =
  "button, a[href], [role=button], [role=switch], [role=tab], .mantine-SegmentedControl-root input[type=radio]";
const filled = "input:not([type=hidden]):not([type=file]), select, textarea"; // prettier-ignore
/** The navigation's places and the rows of the inbox: the palette has them already, as places and as found. */
const elsewhere = "nav a, [data-conversation], [data-tour=palette]";
/** So many are offered at most: who looks for more types another letter. */
const most = 60;

/**
 * Whatever stands on the screen and is no Action with a key, by its name: so each button, link and field is in the
 * palette without being written down for it. While a dialogue is open, only what is in it. Fields take the focus.
 */
export function onPage(fits: (name: string) => boolean, fields: boolean): OnPage[] {
  const root = [...document.querySelectorAll("section[role=dialog], [role=dialog][aria-modal]")]
    .filter((d) => !d.querySelector("#palette"))
    .at(-1);
  const out: OnPage[] = [];
  const seen = new Set<string>();
  for (const el of (root ?? document.body).querySelectorAll<HTMLElement>(fields ? `${pressed}, ${filled}` : pressed)) {
    if (isOff(el) || el.closest("[data-palette]") || el.matches(elsewhere)) {
      continue;
    }
    const name = nameOf(el);
    if (!name) {
      continue;
    }
    const where = whereIs(el);
    const whole = `${name} ${where}`;
    if (!seen.has(whole) && fits(whole)) {
      seen.add(whole);
      // What was drawn anew meanwhile is looked for again.
      const run = () => (el.isConnected ? act(el) : onPage((other) => other === whole, fields)[0]?.run());
      out.push({ name, where, run });
    }
    if (out.length === most) {
      break;
    }
  }
  return out;
}

function isOff(el: HTMLElement): boolean {
  return (
    (el as HTMLButtonElement).disabled || el.getAttribute("aria-hidden") === "true" || el.closest("[inert], [hidden]") !== null || !isSeen(el)
  ); // prettier-ignore
}

/** What is pressed is pressed; what is filled in is gone to. */
function act(el: HTMLElement) {
  if (el.matches(pressed)) {
    el.click();
  } else {
    el.focus();
  }
}

/** What an element is called: as a screen reader would say it, near enough. */
export function nameOf(el: HTMLElement): string {
  const by = el.getAttribute("aria-labelledby")?.split(" ") ?? [];
  const labels = el instanceof HTMLInputElement || el instanceof HTMLSelectElement || el instanceof HTMLTextAreaElement ? el.labels : null; // prettier-ignore
  return (
    said(el.getAttribute("aria-label")) ||
    by.map((id) => textOf(document.getElementById(id))).join(" ").trim() ||
    textOf(labels?.[0]) ||
    (el.matches("input, select, textarea") ? said(el.getAttribute("placeholder")) : textOf(el)) ||
    said(el.getAttribute("title"))
  ); // prettier-ignore
}

/** The row it stands in, by the row's first name, or the titled part of the page. */
function whereIs(el: HTMLElement): string {
  const row = el.closest(rows);
  const title = row
    ? [...row.querySelectorAll<HTMLElement>("bdi, strong, th")].find((t) => !el.contains(t))
    : undefined;
  return textOf(title) || said(el.closest("section[aria-label], [role=radiogroup][aria-label]")?.getAttribute("aria-label")); // prettier-ignore
}

/** The words in it, without what is only to look at. */
function textOf(el: Element | null | undefined): string {
  if (!el) {
    return "";
  }
  if (!el.querySelector("[aria-hidden=true]")) {
    return said(el.textContent);
  }
  const copy = el.cloneNode(true) as Element;
  copy.querySelectorAll("[aria-hidden=true]").forEach((hidden) => hidden.remove());
  return said(copy.textContent);
}

function said(text: string | null | undefined): string {
  return (text ?? "").replace(/\s+/g, " ").trim();
}
