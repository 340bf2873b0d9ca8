import { Button, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { answer, api } from "@/api/client";
import type { Person, ResetLink as Made } from "@/api/types";
import { soon } from "@/lib/time";
import { say } from "@/lib/words";
import { CopyField } from "@/ui/CopyField";
import { useDo } from "@/ui/useDo";
import { useZone } from "@/ui/Zone";

/** For who cannot come in any more: a link by which they set a new password. */
export function ResetLink({ person }: { person: Person }) {
  const { busy, run } = useDo();
  const zone = useZone();
  const [made, setMade] = useState<Made>();
  const make = () =>
    run({
      call: () => answer(api.POST("/api/people/{id}/reset", { params: { path: { id: person.id } } })),
      then: setMade,
    });
  return (
    <>
      <Button variant="default" loading={busy} onClick={() => void make()}>
        {say("person.reset")}
      </Button>
      <Modal opened={!!made} onClose={() => setMade(undefined)} title={say("reset.link.title")}>
        {made && (
          <Stack gap="sm">
            <Text size="sm">
              {say("reset.link.done", { name: person.name, when: soon(made.expiresAt, Date.now(), zone) })}{" "}
              {made.mailed && say("mailed", { email: person.email })}
            </Text>
            <CopyField label={say("invite.link")} value={made.link} />
            <Button style={{ alignSelf: "flex-end" }} onClick={() => setMade(undefined)}>
              {say("do.close")}
            </Button>
          </Stack>
        )}
      </Modal>
    </>
  );
}
