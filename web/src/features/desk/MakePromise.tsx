import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { useMe } from "@/api/session";
import type { Row } from "@/api/types";
import { say } from "@/lib/words";
import { complain, tell } from "@/ui/toast";
import { promiseHeard } from "./promise";
import { PromiseDialogue, type PromiseFields } from "./PromiseDialogue";

/** Notes what was promised where we cannot see it. */
export function MakePromise({ on, onClose }: { on: Row; onClose: () => void }) {
  const queries = useQueryClient();
  const me = useMe();
  const [busy, setBusy] = useState(false);
  const department =
    me.departments.find((d) => d.id === on.owner.department.id) ?? me.departments[0] ?? on.owner.department;
  async function save(to: PromiseFields) {
    setBusy(true);
    try {
      await answer(
        api.POST("/api/conversations/{id}/promises", {
          params: { path: { id: on.id } },
          body: {
            text: to.text,
            department: to.department.id,
            ...(to.person ? { person: to.person.id } : {}),
            ...(to.due ? { due: to.due, exact: true, dated: true } : {}),
          },
        }),
      );
      promiseHeard(queries, on.id);
      tell(say("promise.did.make"));
      onClose();
    } catch (error) {
      complain(error);
      setBusy(false);
    }
  }
  return (
    <PromiseDialogue
      title={say("promise.make.title", { who: on.contact.name })}
      help={say("promise.make.help")}
      from={{ text: "", department, person: { id: me.id, name: me.name } }}
      save={say("promise.make.do")}
      busy={busy}
      onSave={(to) => void save(to)}
      onClose={onClose}
    />
  );
}
