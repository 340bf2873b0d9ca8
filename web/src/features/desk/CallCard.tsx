import { Phone, PhoneMissed } from "lucide-react";
import type { CallEntry } from "@/api/types";
import { say } from "@/lib/words";
import { When } from "@/ui/Due";
import { Prose } from "@/ui/Prose";
import styles from "./Timeline.module.css";
import "./words";

/** A telephone call that somebody noted: who spoke, how long, what was said and agreed. */
export function CallCard({ call: c }: { call: CallEntry }) {
  return (
    <div className={styles["note"]} data-call>
      <div className={styles["noteHead"]}>
        {c.reached ? <Phone size={16} aria-hidden /> : <PhoneMissed size={16} aria-hidden />}
        <bdi className={styles["author"]}>{c.person.name}</bdi>
        <span className={styles["inside"]}>
          {c.reached ? say("call.one") : say("call.missed.one")}
          {c.minutes > 0 && ` · ${say("call.length", { n: Math.round(c.minutes) })}`}
          {c.with && ` · ${say("call.with.one", { name: c.with })}`}
        </span>
        <When at={c.at} />
      </div>
      {c.text && <Prose text={c.text} />}
      {c.agreed && (
        <>
          <strong>{say("call.agreed.one")}</strong>
          <Prose text={c.agreed} />
        </>
      )}
    </div>
  );
}
