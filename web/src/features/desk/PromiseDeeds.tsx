import { Group } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useMe } from "@/api/session";
import type { Conversation, Promised } from "@/api/types";
import { keepDraft, keptDraft } from "@/lib/drafts";
import { say } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { withAnswer } from "./asking";
import { useDesk } from "./DeskProvider";
import { addKept } from "./keeping";
import { preparedAnswer } from "./promise";
import { usePromiseDeeds } from "./usePromiseDeeds";

const KeepDialogue = lazy(() => import("./KeepDialogue").then((m) => ({ default: m.KeepDialogue })));
const ReasonDialogue = lazy(() => import("./ReasonDialogue").then((m) => ({ default: m.ReasonDialogue })));
const PromiseDialogue = lazy(() => import("./PromiseDialogue").then((m) => ({ default: m.PromiseDialogue })));

const keys = { withdraw: "W", break: "B", change: "C" } as const;

type Asking = "keep" | "break" | "withdraw" | "change";

/** What can be done with a promise: keep it with proof, say that it was not kept, withdraw or change it. */
export function PromiseDeeds({ promise: p, conversation: c }: { promise: Promised; conversation: Conversation }) {
  const [asking, setAsking] = useState<Asking>();
  const { busy, run } = usePromiseDeeds(p, c.id, () => setAsking(undefined));
  const tellThem = useTellThem(p, c);
  const may = (what: string) => p.can.includes(what);
  if (p.can.length === 0) {
    return null;
  }
  return (
    <>
      <Group gap={6} justify="flex-end">
        {(["withdraw", "break", "change"] as const).filter(may).map((what) => (
          <DeedButton
            key={what}
            deed={what === "withdraw" ? what : `promise-${what}`}
            hotkey={keys[what]}
            inRow
            size="compact-sm"
            variant="subtle"
            color="gray"
            onClick={() => setAsking(what)}
          >
            {say(what === "change" ? "promise.edit" : `promise.${what}`)}
          </DeedButton>
        ))}
        {may("keep") && (
          <DeedButton
            deed="promise-keep"
            hotkey="K"
            inRow
            size="compact-sm"
            variant="default"
            onClick={() => setAsking("keep")}
          >
            {say("promise.keep")}
          </DeedButton>
        )}
        {may("reopen") && (
          <DeedButton
            deed="promise-reopen"
            hotkey="U"
            inRow
            size="compact-sm"
            variant="subtle"
            color="gray"
            loading={busy}
            onClick={() => void run("reopen")}
          >
            {say("promise.reopen")}
          </DeedButton>
        )}
      </Group>
      <Suspense>
        {asking === "keep" && (
          <KeepDialogue
            conversation={c}
            promise={p}
            onKept={(proof) => void run("keep", proof)}
            onTell={c.replyAs && c.can.includes("reply") ? () => (setAsking(undefined), tellThem()) : undefined}
            onClose={() => setAsking(undefined)}
          />
        )}
        {(asking === "break" || asking === "withdraw") && (
          <ReasonDialogue
            title={say(`promise.${asking}.title`)}
            help={say(`promise.${asking}.help`)}
            does={say(`promise.${asking}.do`)}
            onDo={(reason) => void run(asking, { reason })}
            onClose={() => setAsking(undefined)}
          />
        )}
        {asking === "change" && (
          <PromiseDialogue
            title={say("promise.change.title")}
            help={say("promise.change.help")}
            from={{ text: p.text, due: p.due, department: p.department, person: p.person }}
            save={say("promise.change.do")}
            busy={busy}
            onSave={(to) => void run("change", to)}
            onClose={() => setAsking(undefined)}
          />
        )}
      </Suspense>
    </>
  );
}

/** Puts an answer into the composer, below what is there, that keeps the promise when it is sent. */
function useTellThem(p: Promised, c: Conversation) {
  const me = useMe();
  const desk = useDesk();
  return () => {
    const draft = `${me.id}:${c.id}:reply`;
    keepDraft(draft, withAnswer(keptDraft(draft), preparedAnswer(c.language, p.text)));
    addKept(c.id, p.id);
    desk.write("reply");
  };
}
