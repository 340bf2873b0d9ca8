import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import type { Promised } from "@/api/types";
import { say } from "@/lib/words";
import { complain, tell } from "@/ui/toast";
import { promiseHeard } from "./promise";
import type { PromiseFields } from "./PromiseDialogue";

/** The calls behind the buttons; each but a change can be undone. */
export function usePromiseDeeds(p: Promised, conversation: string | undefined, done: () => void) {
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
          .then(() => promiseHeard(queries, conversation))
          .catch(complain);
      tell(say(`promise.did.${what}`), is.can.includes("reopen") ? { undo } : {});
    } catch (error) {
      complain(error);
    } finally {
      setBusy(false);
      promiseHeard(queries, conversation);
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
