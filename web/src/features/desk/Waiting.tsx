import { Button, Group } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { CloudOff, TriangleAlert } from "lucide-react";
import { useMe } from "@/api/session";
import { putBack } from "@/lib/drafts";
import { again, flush, takeBack, useWaiting, type Written } from "@/lib/outbox";
import { say } from "@/lib/words";
import { When } from "@/ui/Due";
import { Prose } from "@/ui/Prose";
import { complain, tell } from "@/ui/toast";
import { heard } from "./asking";
import { putBackBeside } from "./keeping";
import styles from "./Waiting.module.css";
import "./words";

/** What I wrote here without a connection: it waits, and can be taken back. */
export function Waiting({ conversation }: { conversation: string }) {
  const me = useMe();
  return <List of={useWaiting(me.id, conversation)} />;
}

/** The same of what I was asked, wherever that is. */
export function WaitingAnswers() {
  const me = useMe();
  return <List of={useWaiting(me.id).filter((w) => w.kind === "answer")} />;
}

function List({ of }: { of: Written[] }) {
  return of.length === 0 ? null : (
    <section className={styles["waiting"]} aria-label={say("offline.title")}>
      {of.map((w) => (
        <One key={w.id} written={w} />
      ))}
    </section>
  );
}

function One({ written: w }: { written: Written }) {
  const queries = useQueryClient();
  const { cc = [], ccFor } = w.body as { cc?: string[]; ccFor?: string };
  const stuck = w.state === "refused" || w.state === "unclear";
  // What was refused as an answer mostly came too late: there is no field any more that it could go back to.
  const ended = w.kind === "answer" && w.state === "refused";
  async function copy() {
    try {
      await navigator.clipboard.writeText(w.text);
      tell(say("offline.copied"));
    } catch (error) {
      complain(error);
    }
  }
  async function back() {
    if (!(await takeBack(w))) {
      return tell(say("offline.gone"));
    }
    putBack(w.draft, { text: w.text, private: w.body["private"] === true, cc, ...(ccFor ? { ccFor } : {}) });
    putBackBeside(w.id);
    tell(say("offline.takenBack"));
  }
  async function now() {
    await again(w);
    await flush(w.person, () => {
      heard(queries, w.conversation);
      void queries.invalidateQueries({ queryKey: ["my-requests"] });
    });
  }
  return (
    <div className={styles["one"]} data-kind={w.kind} data-stuck={stuck || undefined}>
      <div className={styles["head"]} role={stuck ? "alert" : undefined}>
        {stuck ? <TriangleAlert size={15} aria-hidden /> : <CloudOff size={15} aria-hidden />}
        <strong>{say(`offline.${w.kind}`)}</strong>
        <span>
          {w.state === "refused"
            ? say("offline.refused", { why: w.why ?? "" })
            : say(
                w.state === "unclear" ? "offline.unclear" : w.state === "sending" ? "offline.sending" : "offline.waits",
              )}
        </span>
        <When at={new Date(w.at).toISOString()} />
      </div>
      {cc.length > 0 && <p className={styles["also"]}>{say("message.also", { names: cc.join(", ") })}</p>}
      <Prose text={w.text} />
      {w.state !== "sending" && (
        <Group gap="xs" mt={6}>
          {ended ? (
            <>
              <Button size="compact-sm" variant="default" onClick={() => void copy()}>
                {say("offline.copy")}
              </Button>
              <Button size="compact-sm" variant="default" onClick={() => void takeBack(w)}>
                {say("offline.throwAway")}
              </Button>
            </>
          ) : (
            <Button size="compact-sm" variant="default" onClick={() => void back()}>
              {say("offline.takeBack")}
            </Button>
          )}
          {stuck && (
            <Button size="compact-sm" variant="default" onClick={() => void now()}>
              {say("offline.again")}
            </Button>
          )}
        </Group>
      )}
    </div>
  );
}
