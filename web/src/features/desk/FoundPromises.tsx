import { ActionIcon, Anchor, Button, Tooltip } from "@mantine/core";
import { Handshake, X } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { Conversation, FoundPromise } from "@/api/types";
import { useNow } from "@/lib/now";
import { exact, soon } from "@/lib/time";
import { say } from "@/lib/words";
import { useZone } from "@/ui/Zone";
import { PromiseDialogue } from "./PromiseDialogue";
import owed from "./Owed.module.css";
import styles from "./Promises.module.css";
import type { Found, Promising } from "./usePromising";

const KeepTicks = lazy(() => import("./KeepTicks").then((m) => ({ default: m.KeepTicks })));

/** What the answer promises, before it is sent, and which open promises it keeps. Nothing when there is neither. */
export function FoundPromises({ conversation: c, promising }: { conversation: Conversation; promising: Promising }) {
  const [editing, setEditing] = useState<Found>();
  const open = c.promises.filter((p) => p.state === "open" && p.can.includes("keep"));
  if (promising.found.length + promising.dismissed + open.length === 0) {
    return null;
  }
  return (
    <div className={styles["found"]}>
      {promising.found.length > 0 && (
        <ul className={owed["list"]} aria-label={say("promise.found")}>
          {promising.found.map(({ sentence, promise: f }) => (
            <li key={sentence} className={styles["one"]}>
              <Handshake size={14} aria-hidden />
              <span className={styles["what"]}>
                <strong>{say(`promise.kind.${f.kind}`)}</strong> <Until found={f} />
                <span className={styles["dim"]}>
                  {say("promise.who", { who: f.person?.name ?? f.department.name })}
                </span>
              </span>
              <Button size="compact-xs" variant="subtle" onClick={() => setEditing({ sentence, promise: f })}>
                {say("promise.edit")}
              </Button>
              <Tooltip label={say("promise.dismiss")}>
                <ActionIcon
                  size={24}
                  variant="subtle"
                  color="gray"
                  aria-label={say("promise.dismiss")}
                  onClick={() => promising.change(sentence, "dismissed")}
                >
                  <X size={14} aria-hidden />
                </ActionIcon>
              </Tooltip>
            </li>
          ))}
        </ul>
      )}
      {promising.dismissed > 0 && (
        <span className={styles["dim"]}>
          {say("promise.dismissed", { n: promising.dismissed })}{" "}
          <Anchor component="button" type="button" size="xs" onClick={promising.restore}>
            {say("promise.undismiss")}
          </Anchor>
        </span>
      )}
      {open.length > 0 && (
        <Suspense>
          <KeepTicks of={open} kept={promising.keeps} keep={promising.keep} />
        </Suspense>
      )}
      {editing && (
        <PromiseDialogue
          title={say("promise.change.title")}
          from={{
            text: editing.promise.text,
            due: editing.promise.if ? undefined : editing.promise.due,
            department: editing.promise.department,
            person: editing.promise.person,
          }}
          save={say("promise.change.do")}
          onClose={() => setEditing(undefined)}
          onSave={(to) => {
            const { due, ...rest } = editing.promise;
            promising.change(editing.sentence, {
              ...rest,
              text: to.text,
              department: to.department,
              person: to.person,
              ...(to.due ? { due: to.due, if: false, exact: to.due !== due || rest.exact } : {}),
            });
            setEditing(undefined);
          }}
        />
      )}
    </div>
  );
}

/** By when, as it was understood; the exact time and the words it was read from on hover. */
function Until({ found: f }: { found: FoundPromise }) {
  const now = useNow();
  const zone = useZone();
  if (!f.due || f.if) {
    const word = f.if ? "promise.due.if" : "promise.due.none";
    return <span>{say(word, { when: soon(f.ours, now, zone) })}</span>;
  }
  const label = f.words ? `${exact(f.due, zone)}, ${say("promise.read", { words: f.words })}` : exact(f.due, zone);
  return (
    <Tooltip label={label}>
      <time dateTime={f.due}>{say(f.exact ? "promise.due" : "promise.due.day", { when: soon(f.due, now, zone) })}</time>
    </Tooltip>
  );
}
