import "@/ui/forms";
import { Button, Group, Select, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, api } from "@/api/client";
import { useMe } from "@/api/session";
import { departmentsQuery, peopleQuery } from "@/api/queries";
import type { Request } from "@/api/types";
import { say } from "@/lib/words";
import "./words";
import { useDo } from "@/ui/useDo";

/** Says who could answer instead: a person or a department, who is asked in one's place. */
export function PassRequest({
  request: r,
  onBack,
  onDone,
}: {
  request: Request;
  onBack: () => void;
  onDone: () => void;
}) {
  const me = useMe();
  const { busy, run } = useDo();
  const people = useQuery(peopleQuery()).data ?? [];
  const departments = useQuery(departmentsQuery).data ?? [];
  const [to, setTo] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const choices = [
    ...departments.map((d) => ({ value: `department:${d.id}`, label: d.name })),
    ...people
      .filter((p) => p.id !== me.id && p.state === "active")
      .map((p) => ({ value: `person:${p.id}`, label: p.name })),
  ];
  const name = choices.find((c) => c.value === to)?.label ?? "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const [kind, id] = (to ?? "").split(":");
    if (!id) {
      return;
    }
    void run({
      call: () =>
        answer(
          api.POST("/api/requests/{id}/pass", {
            params: { path: { id: r.id } },
            body: { ...(kind === "person" ? { person: id } : { department: id }), reason: reason.trim() },
          }),
        ),
      said: say("request.did.pass", { name }),
      touches: [["my-requests"]],
      then: onDone,
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap={6} mt={6}>
        <Select
          searchable
          size="xs"
          aria-label={say("request.pass.title")}
          placeholder={say("request.pass.title")}
          data={choices}
          value={to}
          onChange={setTo}
        />
        <TextInput
          size="xs"
          maxLength={2000}
          aria-label={say("request.pass.reason")}
          placeholder={say("request.pass.reason")}
          value={reason}
          onChange={(e) => setReason(e.currentTarget.value)}
        />
        <Group gap={6} justify="flex-end">
          <Button size="compact-sm" variant="subtle" color="gray" onClick={onBack}>
            {say("do.cancel")}
          </Button>
          <Button type="submit" size="compact-sm" color="note" loading={busy} disabled={!to}>
            {name ? say("request.pass.do", { name }) : say("request.pass")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
