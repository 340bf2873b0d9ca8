import { Button } from "@mantine/core";
import { Check, ChevronDown } from "lucide-react";
import { useState } from "react";
import type { Other, ReplyAs } from "@/api/types";
import { say } from "@/lib/words";
import { useSplit } from "@/ui/Frame";
import styles from "./Others.module.css";
import "./words";

interface Props {
  as: ReplyAs;
  /** Whom it goes to, as one calls them. */
  to: string;
  chosen: string[];
  onChosen: (addresses: string[]) => void;
}

/**
 * Who else was in the mail. An answer goes to none of them unless its writer says so, one by one or to all at once. On a phone they are
 * one line, which unfolds: the text is to stay in sight.
 */
export function Others({ as, to, chosen, onChosen }: Props) {
  const wide = useSplit();
  const [unfolded, setUnfolded] = useState(false);
  const others = as.others ?? [];
  const now = others.filter((o) => !o.earlier);
  const earlier = others.filter((o) => o.earlier);
  if (others.length === 0) {
    return null;
  }
  const all = now.every((o) => chosen.includes(o.address));
  const turn = (o: Other) =>
    onChosen(chosen.includes(o.address) ? chosen.filter((a) => a !== o.address) : [...chosen, o.address]);
  const one = (o: Other) => (
    <button
      key={o.address}
      type="button"
      className={styles["one"]}
      aria-pressed={chosen.includes(o.address)}
      onClick={() => turn(o)}
    >
      {chosen.includes(o.address) && <Check size={12} aria-hidden />}
      <bdi>{called(o)}</bdi>
    </button>
  );
  return (
    <div className={styles["others"]} role="group" aria-label={say("others.label")}>
      {!wide && (
        <button
          type="button"
          className={styles["fold"]}
          aria-expanded={unfolded}
          onClick={() => setUnfolded((was) => !was)}
        >
          <bdi>
            {chosen.length > 0
              ? say("others.folded.chosen", { to, n: chosen.length, of: others.length })
              : say("others.folded", { to, n: others.length })}
          </bdi>
          <ChevronDown size={14} aria-hidden />
        </button>
      )}
      {(wide || unfolded) && (
        <div className={styles["list"]}>
          <span>{say(now.length > 0 ? "others.to" : "others.to.earlier", { to })}</span>
          {now.map(one)}
          {as.more ? <span>{say("others.more", { n: as.more })}</span> : null}
          {now.length > 0 && earlier.length > 0 && <span>{say("others.earlier")}</span>}
          {earlier.map(one)}
          {now.length > 0 && !all && (
            <Button
              size="compact-xs"
              variant="subtle"
              className={styles["deed"] ?? ""}
              onClick={() => onChosen([...new Set([...chosen, ...now.map((o) => o.address)])])}
            >
              {say("others.all")}
            </Button>
          )}
          {chosen.length > 0 && (all || now.length === 0) && (
            <Button size="compact-xs" variant="subtle" className={styles["deed"] ?? ""} onClick={() => onChosen([])}>
              {say("others.none", { to })}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

/**
 * How somebody in a mail is called: never without their address, for the name is what the writer of the mail says. Signs in it that
 * turn the direction of what follows are left out.
 */
export function called(o: Other): string {
  const name = o.name.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "").trim();
  return name && name !== o.handle ? `${name} <${o.handle}>` : o.handle;
}

/** "Also to Ann <ann@far.example>, ben@far.example": who gets it beside who is answered. */
export function AlsoTo({ others }: { others: Other[] | undefined }) {
  return others?.length ? (
    <p className={styles["also"]}>{say("message.also", { names: others.map(called).join(", ") })}</p>
  ) : null;
}
