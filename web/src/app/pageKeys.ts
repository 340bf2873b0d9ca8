import { type Deed, rows } from "@/lib/actions";
import { say } from "@/lib/words";

/** What can have the focus. */
const focusable =
  "a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled)";

const own: Deed[] = [
  { id: "next", name: say("help.row.next"), key: "j", repeats: true, there: hasRows, run: () => step(1) },
  { id: "previous", name: say("help.row.previous"), key: "k", repeats: true, there: hasRows, run: () => step(-1) },
  {
    id: "search-list",
    name: say("help.search.page"),
    key: "/",
    there: () => searchField() !== null,
    run: () => searchField()?.focus(),
  },
  {
    id: "next-view",
    name: say("help.view.next"),
    key: "]",
    there: () => segments().length > 1,
    run: () => turn(1),
  },
  {
    id: "previous-view",
    name: say("help.view.previous"),
    key: "[",
    there: () => segments().length > 1,
    run: () => turn(-1),
  },
  {
    id: "save",
    name: say("help.save"),
    key: "mod+Enter",
    whileTyping: true,
    there: () => document.querySelector("form button[type=submit]") !== null,
    run: () => saveButton()?.click(),
  },
];

/** The keys that mean the same on every screen: they work on what stands in the page. The inbox has its own way with some. */
export const pageDeeds = own.map((d): Deed => ({ ...d, everywhere: true, hidden: true }));

const page = () => document.getElementById("content");

function searchField() {
  return page()?.querySelector<HTMLInputElement>("input[type=search]") ?? null;
}

/** The rows of the page that something can be done in, those within others left to them. */
function rowsOf(): HTMLElement[] {
  return [...(page()?.querySelectorAll<HTMLElement>(rows) ?? [])].filter(
    (row) => row.querySelector(focusable) !== null && row.querySelector(rows) === null,
  );
}

function hasRows(): boolean {
  return rowsOf().length > 0;
}

/**
 * Moves the focus to the next row: to its link, so that Enter opens by itself, else to the row; the keys of the row are
 * then its own. Never to a button, of which Enter or the space bar would do what nobody meant.
 */
function step(by: 1 | -1) {
  const all = rowsOf();
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const row = at < 0 ? all[by > 0 ? 0 : all.length - 1] : all[at + by];
  if (!row) {
    return;
  }
  const link = row.querySelector<HTMLElement>("a[href]");
  if (!link && !row.hasAttribute("tabindex")) {
    row.tabIndex = -1;
  }
  (link ?? row).focus();
}

/** The choices of the first row of buttons of which one is pressed. */
function segments(): HTMLInputElement[] {
  const control = page()?.querySelector(".mantine-SegmentedControl-root");
  return [...(control?.querySelectorAll<HTMLInputElement>("input[type=radio]") ?? [])];
}

function turn(by: 1 | -1) {
  const all = segments();
  const at = all.findIndex((s) => s.checked);
  all[(at + by + all.length) % all.length]?.click();
}

/**
 * The button that saves: of the form the focus is in; when it is in none, of the one form of the page that can be saved,
 * but not of one among several: nobody could tell which. What is sent to somebody goes only while one is in it, and what is behind a dialogue rests.
 */
function saveButton(): HTMLElement | null {
  const within = document.activeElement?.closest("form");
  if (within) {
    return submitOf(within);
  }
  if (document.querySelector("[aria-modal=true]")) {
    return null;
  }
  const forms = [...(page()?.querySelectorAll("form") ?? [])].filter(
    (f) => !f.closest("[data-tone], [data-sends], article") && !f.querySelector("[data-tone]"),
  );
  const buttons = forms.map(submitOf).filter((button) => button !== null);
  return (buttons.length === 1 && buttons[0]) || null;
}

/** The button that submits a form, if it may be pressed now: what asks to be typed first is not got round by a key. */
function submitOf(form: HTMLFormElement): HTMLElement | null {
  const button = form.querySelector<HTMLButtonElement>("button[type=submit]");
  return button && !button.disabled ? button : null;
}
