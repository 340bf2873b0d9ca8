import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { type Check, checkQuery, linksQuery, type Remark } from "@/api/writing";
import { say } from "@/lib/words";

/** Something to think about before an answer is sent. */
export interface Warning {
  /** Tells it from others for as long as it says the same, so that it can be dismissed. */
  id: string;
  kind: Remark["kind"] | "link";
  text: string;
  offer?: Remark["offer"];
  /** What could be put in. */
  insert?: string;
  /** It is asked about when somebody wants to send. */
  grave: boolean;
}

const pause = 600;
/** How long sending waits to hear what there is to say, in milliseconds. It is never held up longer. */
const patience = 1500;

/** Reads what somebody is about to say, beside the typing. */
export function useChecking(conversation: string, text: string, isPrivate: boolean, numbered: boolean) {
  const queries = useQueryClient();
  const [settled] = useDebouncedValue(text, pause);
  const [dismissed, setDismissed] = useState<string[]>([]);
  const check = useQuery(checkQuery(conversation, settled, isPrivate, numbered)).data;
  const current = settled.trim() === "" || text.trim() === "" ? undefined : check;
  const links = useQuery(linksQuery(current?.links ?? [])).data;

  const of = (c: Check | undefined): Warning[] => [
    ...(c?.remarks ?? []).map(warning),
    ...(links ?? [])
      .filter((l) => (l.is === "dead" || l.is === "refused") && c?.links.includes(l.url))
      .map((l): Warning => ({ id: `link ${l.url}`, kind: "link", text: say("warn.link", { link: l.url, why: l.why ?? "" }), grave: true })),
  ]; // prettier-ignore

  /** What there is to say about exactly these words, if that can be had soon. */
  async function now(): Promise<Warning[]> {
    if (text.trim() === "") {
      return [];
    }
    const asked = queries.fetchQuery(checkQuery(conversation, text, isPrivate, numbered)).catch(() => undefined);
    const fresh = await Promise.race([
      asked,
      new Promise<undefined>((done) => setTimeout(() => done(undefined), patience)),
    ]);
    return of(fresh).filter((w) => !dismissed.includes(w.id));
  }

  return {
    parts: current?.parts ?? [],
    warnings: of(current).filter((w) => !dismissed.includes(w.id)),
    dismiss: (ids: string[]) => setDismissed((was) => [...was, ...ids]),
    forget: () => setDismissed([]),
    now,
  };
}

const languages = new Intl.DisplayNames("en", { type: "language" });

/** A remark in a sentence that names what was found. */
export function warning(r: Remark): Warning {
  const found = [...new Set(r.found.map((f) => f.text))].join(", ");
  const name = (code: string) => languages.of(code) ?? code;
  const words: Record<Remark["kind"], () => string> = {
    private: () => {
      const what = [...new Set(r.found.map((f) => f.what))]
        .map((w) => say(`warn.what.${w}` as "warn.what.phone"))
        .join(", ");
      return say("warn.private", { found, what });
    },
    deadEnd: () => say("warn.deadEnd", { found: found.replace(/[.!…]+$/, "") }),
    blank: () => say("warn.blank", { found }),
    language: () => say("warn.language", { is: name(r.is ?? ""), wanted: r.wanted.map(name).join(", ") }),
    handle: () => say("warn.handle", { handle: r.wanted.join(", ") }),
  };
  return {
    id: `${r.kind} ${found} ${r.is ?? ""}`,
    kind: r.kind,
    text: words[r.kind](),
    ...(r.offer ? { offer: r.offer } : {}),
    ...(r.kind === "handle" && r.wanted[0] ? { insert: r.wanted[0] } : {}),
    grave: true,
  };
}
