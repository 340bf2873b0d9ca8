import { Button, Group } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { answer, api } from "@/api/client";
import { useMe } from "@/api/session";
import type { Conversation, Promised } from "@/api/types";
import { keepDraft } from "@/lib/drafts";
import { say } from "@/lib/words";
import { complain, tell } from "@/ui/toast";
import { useDesk } from "./DeskProvider";
import { addKept } from "./keeping";
import { preparedAnswer, promiseHeard } from "./promise";
import type { PromiseFields } from "./PromiseDialogue";

const KeepDialogue = lazy(() => import("./KeepDialogue").then((m) => ({ default: m.KeepDialogue })));
const ReasonDialogue = lazy(() => import("./ReasonDialogue").then((m) => ({ default: m.ReasonDialogue })));
const PromiseDialogue = lazy(() => import("./PromiseDialogue").then((m) => ({ default: m.PromiseDialogue })));

type Asking = "keep" | "break" | "withdraw" | "change";

/** What can be done with a promise: keep it with proof, say that it was not kept, withdraw or change it. */
export function PromiseDeeds({ promise: p, conversation: c }: { promise: Promised; conversation: Conversation }) {
  const [asking, setAsking] = useState<Asking>();
  const { busy, run } = usePromiseDeeds(p, c, () => setAsking(undefined));
  const tellThem = useTellThem(p, c);
  const may = (what: string) => p.can.includes(what);
  if (p.can.length === 0) {
    return null;
  }
  return (
    <>
      <Group gap={6} justify="flex-end">
        {(["withdraw", "break", "change"] as const).filter(may).map((what) => (
          <Button key={what} size="compact-sm" variant="subtle" color="gray" onClick={() => setAsking(what)}>
            {say(what === "change" ? "promise.edit" : `promise.${what}`)}
          </Button>
        ))}
        {may("keep") && (
          <Button size="compact-sm" variant="default" onClick={() => setAsking("keep")}>
            {say("promise.keep")}
          </Button>
        )}
        {may("reopen") && (
          <Button size="compact-sm" variant="subtle" color="gray" loading={busy} onClick={() => void run("reopen")}>
            {say("promise.reopen")}
          </Button>
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

/** Puts an answer into the composer that keeps the promise when it is sent. */
function useTellThem(p: Promised, c: Conversation) {
  const me = useMe();
  const desk = useDesk();
  return () => {
    keepDraft(`${me.id}:${c.id}:reply`, preparedAnswer(c.language, p.text));
    addKept(c.id, p.id);
    desk.write("reply");
  };
}

/** The calls behind the buttons; each but a change can be undone. */
function usePromiseDeeds(p: Promised, c: Conversation, done: () => void) {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const at = { params: { path: { id: p.id } } };
  const reopen = () => answer(api.POST("/api/promises/{id}/reopen", { ...at, body: {} }));
  const call = {
    keep: (body: object) => answer(api.POST("/api/promises/{id}/keep", { ...at, body })),
    break: (body: object) => answer(api.POST("/api/promises/{id}/break", { ...at, body: body as { reason: string } })),
    withdraw: (body: object) => answer(api.POST("/api/promises/{id}/withdraw", { ...at, body: body as { reason: string } })),
    reopen,
    change: (to: object) => answer(api.PATCH("/api/promises/{id}", { ...at, body: changeOf(p, to as PromiseFields) })),
  }; // prettier-ignore
  async function run(what: keyof typeof call, body: object = {}) {
    setBusy(true);
    try {
      const is = await call[what](body);
      done();
      const undo = () =>
        reopen()
          .then(() => promiseHeard(queries, c.id))
          .catch(complain);
      tell(say(`promise.did.${what}`), is.can.includes("reopen") ? { undo } : {});
    } catch (error) {
      complain(error);
    } finally {
      setBusy(false);
      promiseHeard(queries, c.id);
    }
  }
  return { busy, run };
}

function changeOf(p: Promised, to: PromiseFields) {
  const moved = to.due && to.due !== p.due;
  const given = to.department.id !== p.department.id || to.person?.id !== p.person?.id;
  return {
    ...(to.text !== p.text ? { text: to.text } : {}),
    ...(moved ? { due: to.due! } : {}),
    ...(given ? { department: to.department.id, ...(to.person ? { person: to.person.id } : {}) } : {}),
  };
}
