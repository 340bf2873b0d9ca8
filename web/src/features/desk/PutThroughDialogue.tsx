import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";
import type { Candidate, Row } from "@/api/types";
import { say } from "@/lib/words";
import { useDesk } from "./DeskProvider";
import { useWhoKnows, WhoKnows } from "./WhoKnows";
import "./words";

/** "Who knows?": the best people and departments first, each with the reason. P, Enter puts it through to the best. */
export function PutThroughDialogue({ on, onClose }: { on: Row; onClose: () => void }) {
  const { deeds } = useDesk();
  const search = useWhoKnows(on);
  const { chosen } = search;
  const [reason, setReason] = useState("");

  const go = (to: Candidate) => {
    onClose();
    void deeds.handover(on, to, reason.trim());
  };
  const onKey = (event: KeyboardEvent) => {
    if (!search.onKey(event) && event.key === "Enter" && chosen && event.target instanceof HTMLInputElement) {
      event.preventDefault();
      go(chosen);
    }
  };

  return (
    <Modal
      opened
      onClose={onClose}
      title={say("putThrough.title", { who: on.contact.name })}
      size="lg"
      onKeyDown={onKey}
    >
      <Stack gap="sm">
        <WhoKnows search={search} />
        <TextInput
          label={say("putThrough.reason")}
          placeholder={say("putThrough.reason.placeholder")}
          value={reason}
          onChange={(e) => setReason(e.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {say("do.cancel")}
          </Button>
          <Button disabled={!chosen} onClick={() => chosen && go(chosen)}>
            {chosen
              ? say("putThrough.do", { name: chosen.person?.name ?? chosen.department.name })
              : say("do.handover")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
