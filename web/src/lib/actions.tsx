/**
 * What a person can do is written once, as an Action; buttons, menus, the palette, the keyboard and the help all draw
 * from it. A screen makes its actions known with useActions for as long as it is there, a single button by being a
 * DeedButton.
 *
 * Which have a key: whatever a screen is for, and whatever is done to one row after another. Without one are what is
 * seldom done, what goes out or cannot be taken back and neither asks nor can be undone, and fields: the palette finds
 * those by their names on the page (app/onPage).
 * One key means the same everywhere: n new, e edit, x end, t try, m more, "mod+Enter" save. The keys of rows beside the
 * inbox's, which has most of the small letters, are capitals.
 */
import type { LucideIcon } from "lucide-react";
import { createContext, type ReactNode, use, useEffect, useMemo, useRef, useState } from "react";

/** Something that can be done to a T; W is what doing it needs. */
export interface Action<T, W = void> {
  id: string;
  name: (on: T) => string;
  /** As KeyboardEvent.key says it: "r", "Escape"; "mod+k" with the command or control key; "g i" one after the other. */
  key?: string;
  icon?: LucideIcon;
  can: (on: T) => boolean;
  run: (on: T, how: W) => unknown;
}

/** An Action with its object: ready to be done. */
export interface Deed {
  id: string;
  name: string;
  key?: string | undefined;
  icon?: LucideIcon | undefined;
  run: () => unknown;
  /** Works while typing too. */
  whileTyping?: boolean;
  /** Found by the palette only under a heading of its own. */
  group?: string;
  /** Not shown in the palette (moving a cursor makes no sense there). */
  hidden?: boolean;
  /** Whether there is something to do it to just now; absent: always. */
  there?: () => boolean;
  /** Before any other by that id or key, whichever was there first. */
  first?: boolean;
  /** The same on every screen, unless the screen has a deed of its own by that id or key. */
  everywhere?: boolean;
  /** Done again and again while the key is held, as a cursor moves. What else a held key would do again is not meant. */
  repeats?: boolean;
  /** Of one row among many: its key counts while the focus is in that row. */
  row?: () => Element | null | undefined;
}

/** What is a row on every screen: for the keys of rows, and for going from one to the next. */
export const rows = "li, tr, [data-row]";

/** The actions that can be done to on, ready. */
export function deeds<T, W>(actions: readonly Action<T, W>[], on: T | undefined, how: W): Deed[] {
  if (on === undefined) {
    return [];
  }
  return actions.filter((a) => a.can(on)).map((a) => deed(a, on, how));
}

export function deed<T, W>(action: Action<T, W>, on: T, how: W): Deed {
  return { id: action.id, name: action.name(on), key: action.key, icon: action.icon, run: () => action.run(on, how) };
}

interface Registry {
  add: (source: object, deeds: Deed[]) => void;
  drop: (source: object) => void;
  /** The deeds of every screen there is, the innermost first. */
  all: () => Deed[];
}

const Known = createContext<Registry | null>(null);

/** Holds what can be done now and listens to the keyboard for it. */
export function Actions({ children }: { children: ReactNode }) {
  const [registry] = useState(makeRegistry);
  useEffect(() => {
    // Keeps in step with the keyboard. Whether something stood over the page is asked before anybody hears of the
    // key: the dialogue that it closes is gone when the key comes to us.
    let covered = false;
    const before = (event: KeyboardEvent) => {
      covered =
        !isTyping(event.target) &&
        [...document.querySelectorAll('[role="dialog"], [role="menu"], [role="listbox"]')].some(isSeen);
    };
    const listen = keyboard(registry.all, () => covered);
    window.addEventListener("keydown", before, true);
    document.addEventListener("keydown", listen);
    return () => {
      window.removeEventListener("keydown", before, true);
      document.removeEventListener("keydown", listen);
    };
  }, [registry]);
  return <Known value={registry}>{children}</Known>;
}

function makeRegistry(): Registry {
  const known = new Map<object, Deed[]>();
  return {
    add: (source, list) => known.set(source, list),
    drop: (source) => known.delete(source),
    all: () => {
      const deeds = [...known.values()].reverse().flat();
      // Which came last says little: a screen that is read already is there before what stands around it, and another
      // conversation is opened while some are chosen.
      return [
        ...deeds.filter((d) => d.first),
        ...deeds.filter((d) => !d.first && !d.everywhere),
        ...deeds.filter((d) => !d.first && d.everywhere),
      ];
    },
  };
}

/** Makes deeds known to the keyboard and the palette while the caller is on the screen. */
export function useActions(list: Deed[]): void {
  const registry = use(Known);
  const source = useRef({});
  useEffect(() => {
    // Keeps the registry in step with what this screen can do.
    const at = source.current;
    registry?.add(at, list);
  }, [registry, list]);
  useEffect(() => {
    const at = source.current;
    return () => registry?.drop(at);
  }, [registry]);
}

/** Reads everything that can be done at this moment; each id once, the innermost first. */
export function useKnownDeeds(): () => Deed[] {
  const registry = use(Known);
  return useMemo(
    () => () => {
      const seen = new Set<string>();
      const all = registry?.all() ?? [];
      return all.filter((d) => (d.there?.() ?? true) && !seen.has(d.id) && seen.add(d.id));
    },
    [registry],
  );
}

/** A listener that runs the deed of a key or of two keys in a row; covered: a dialogue or menu has the keys. */
export function keyboard(all: () => Deed[], covered: () => boolean): (event: KeyboardEvent) => void {
  let first = "";
  let firstAt = 0;
  return (event) => {
    if (event.defaultPrevented || isComposing(event) || event.key === "Shift") {
      return;
    }
    const pressed = pressedOf(event);
    if (!pressed) {
      return;
    }
    const typing = isTyping(event.target);
    const pair = first && event.timeStamp - firstAt < 1200 ? `${first} ${pressed}` : "";
    // The key is compared first: whether something is there for it is asked of the page.
    const known = all().filter((d) => d.key && (d.whileTyping || (!typing && !covered())));
    const of = (key: string) => known.find((d) => d.key === key && reached(d));
    const found = (pair && of(pair)) || of(pressed);
    if (found) {
      event.preventDefault();
      if (!event.repeat || found.repeats) {
        first = "";
        found.run();
      }
      return;
    }
    if (event.repeat) {
      return;
    }
    first = known.some((d) => d.key?.startsWith(pressed + " ") && reached(d)) ? pressed : "";
    firstAt = event.timeStamp;
  };
}

/**
 * The key as a deed names it; "" for one that is another program's. Brackets need Alt Gr, or the option key, on many
 * keyboards; where letters are not Latin, the one that stands in their place is meant.
 */
function pressedOf(event: KeyboardEvent): string {
  const graph = event.getModifierState?.("AltGraph") ?? false;
  const bracket = event.key === "[" || event.key === "]";
  if (event.altKey && !graph && !(mac && bracket)) {
    return "";
  }
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1];
  const foreign = letter && /^\p{L}$/u.test(event.key) && !/\p{Script=Latin}/u.test(event.key);
  const key = foreign ? (event.shiftKey ? letter : letter.toLowerCase()) : event.key;
  return ((event.metaKey || event.ctrlKey) && !graph ? "mod+" : "") + key;
}

/** Whether a key belongs to a word that is being put together, as in Japanese. Safari says so only by the code 229. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** A field to choose from keeps its list in the page while it is shut: what nobody sees covers nothing. */
export function isSeen(el: Element): boolean {
  return el.checkVisibility?.() ?? el.closest('[style*="display: none"], [hidden]') === null;
}

/** Whether a deed's key may do it now: something is there for it, and its row, if it has one, has the focus. */
function reached(d: Deed): boolean {
  return (d.there?.() ?? true) && (!d.row || (d.row()?.contains(document.activeElement) ?? false));
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [role=textbox]") !== null)
  );
}

const mac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

/** A key as aria-keyshortcuts wants it; two in a row it cannot say. */
export function shortcut(key: string | undefined): string | undefined {
  return key?.includes(" ") ? undefined : key?.replace(/^mod\+/, mac ? "Meta+" : "Control+");
}

/** A key as it is printed on the key caps: "⌘ K", "Ctrl K", "G I", "G Shift P". */
export function caps(key: string): string[] {
  return key.split(" ").flatMap((k) => {
    const parts = k.startsWith("mod+") ? [mac ? "⌘" : "Ctrl", k.slice(4)] : [k];
    if (/^\p{Lu}$/u.test(k)) {
      parts.unshift(mac ? "⇧" : "Shift");
    }
    return parts.map((p) => ({ Enter: "↵", Escape: "Esc", ArrowUp: "↑", ArrowDown: "↓" })[p] ?? upper(p));
  });
}

function upper(key: string): string {
  return key.length === 1 ? key.toUpperCase() : key;
}
