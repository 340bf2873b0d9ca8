import { Anchor, Group } from "@mantine/core";
import { Handshake } from "lucide-react";
import { useState } from "react";
import type { Conversation, Promised } from "@/api/types";
import { useNow } from "@/lib/now";
import { exact, soon } from "@/lib/time";
import { say } from "@/lib/words";
import { Chip } from "@/ui/Chip";
import { When } from "@/ui/Due";
import { useZone } from "@/ui/Zone";
import { showMessage } from "./earlier";
import { ofWhom } from "./asking";
import { endingOf, sortedPromises } from "./promise";
import { PromiseDeeds } from "./PromiseDeeds";
import owed from "./Owed.module.css";
import styles from "./Promises.module.css";

/** What is promised in a conversation, with who must deliver and by when; and what became of earlier ones. */
export function Promises({ conversation: c }: { conversation: Conversation }) {
  const [all, setAll] = useState(false);
  const { open, ended } = sortedPromises(c.promises);
  if (open.length + ended.length === 0) {
    return null;
  }
  return (
    <section className={`${owed["owed"]} ${styles["promises"]}`} aria-label={say("promise.title")}>
      <ul className={owed["list"]}>
        {[...open, ...(all ? ended : [])].map((p) => (
          <li key={p.id} className={owed["one"]} data-late={(p.state === "open" && p.late) || undefined}>
            <PromiseHead promise={p} />
            <p className={styles["text"]}>
              <bdi>{p.text}</bdi>
            </p>
            <Ending promise={p} />
            <PromiseDeeds promise={p} conversation={c} />
          </li>
        ))}
      </ul>
      {ended.length > 0 && (
        <Anchor component="button" type="button" size="xs" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? say("promise.ended.hide") : say("promise.ended.show", { n: ended.length })}
        </Anchor>
      )}
    </section>
  );
}

/** Whose it is, and by when. */
export function PromiseHead({ promise: p }: { promise: Promised }) {
  return (
    <div className={owed["head"]}>
      <Handshake size={14} aria-hidden />
      <strong>{say(`promise.kind.${p.kind}`)}</strong>
      <bdi className={styles["who"]}>{ofWhom(p)}</bdi>
      {p.state === "unsaid" && <Chip>{say("promise.unsaid")}</Chip>}
      {p.keeping && p.state === "open" && <Chip tone="good">{say("promise.keeping")}</Chip>}
      {p.state === "open" || p.state === "unsaid" ? <DueChip promise={p} /> : <When at={p.endedAt ?? p.due} />}
    </div>
  );
}

function DueChip({ promise: p }: { promise: Promised }) {
  const now = useNow();
  const zone = useZone();
  const when = soon(p.due, now, zone);
  const passed = Date.parse(p.due) < now;
  const late = p.state === "open" && passed;
  return (
    <span title={exact(p.due, zone)}>
      <Chip tone={passed ? "urgent" : "plain"}>
        {say(late ? "promise.late" : passed ? "promise.unsaid.passed" : "promise.due", { when })}
      </Chip>
    </span>
  );
}

/** How it ended, with the proof or the reason. */
export function Ending({ promise: p }: { promise: Promised }) {
  if (p.state === "open" || p.state === "unsaid") {
    return null;
  }
  const why = p.how ?? p.reason;
  return (
    <Group gap={8} className={styles["ending"]}>
      <span>{endingOf(p)}</span>
      {why && <bdi>{why}</bdi>}
      {p.proof && (
        <Anchor component="button" type="button" size="xs" onClick={() => showMessage(p.proof!)}>
          {say("promise.proof")}
        </Anchor>
      )}
    </Group>
  );
}
