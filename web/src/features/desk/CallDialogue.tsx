import {
  Button,
  Group,
  Modal,
  NativeSelect,
  NumberInput,
  SegmentedControl,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { privateQuery } from "@/api/queries";
import type { Row } from "@/api/types";
import { learn, say } from "@/lib/words";
import { contactWords } from "@/lib/words/contact";
import { useDo } from "@/ui/useDo";
import { ClosingLine } from "./ClosingLine";

learn(contactWords);

/** A telephone call with the contact: when, how long, what was said and agreed. One that reached them stops the clock. */
export function CallDialogue({ on, onClose }: { on: Row; onClose: () => void }) {
  const { busy, run } = useDo();
  const [reached, setReached] = useState(true);
  const [minutes, setMinutes] = useState<string | number>(5);
  const [person, setPerson] = useState("");
  const [said, setSaid] = useState("");
  const [agreed, setAgreed] = useState("");
  const [then, setThen] = useState<"waiting" | "closed" | "open">("waiting");
  const ways = useQuery({ ...privateQuery(on.id), enabled: !on.private });
  const [closing, setClosing] = useState<string>();
  const suggested = ways.data?.closing["call"] ?? "";
  const note = () =>
    run({
      call: () =>
        answer(
          api.POST("/api/conversations/{id}/calls", {
            params: { path: { id: on.id } },
            body: {
              reached, minutes: reached ? Number(minutes) || 0 : 0, said, agreed, then,
              ...(person.trim() ? { with: person.trim() } : {}),
              ...(reached && closing?.trim() ? { closing: closing.trim() } : {}),
            }, // prettier-ignore
          }),
        ),
      said: say("call.done"),
      then: onClose,
      touches: [["conversation", on.id], ["conversations"], ["counts"]],
    });
  return (
    <Modal opened onClose={onClose} title={say("call.title")} size="md">
      <form
        onSubmit={(e) => {
          e.preventDefault();
          void note();
        }}
      >
        <Stack>
          <Text size="sm" c="dimmed">
            {say("call.help")}
          </Text>
          <SegmentedControl
            aria-label={say("call.title")}
            value={reached ? "yes" : "no"}
            onChange={(v) => setReached(v === "yes")}
            data={[
              { value: "yes", label: say("call.reached") },
              { value: "no", label: say("call.missed") },
            ]}
          />
          {reached && (
            <>
              <Group grow align="end">
                <NumberInput label={say("call.minutes")} min={0} max={1440} value={minutes} onChange={setMinutes} />
                <NativeSelect
                  label={say("call.then")}
                  value={then}
                  onChange={(e) => setThen(e.currentTarget.value as typeof then)}
                  data={(["waiting", "closed", "open"] as const).map((v) => ({
                    value: v,
                    label: say(`call.then.${v}`),
                  }))}
                />
              </Group>
              <Textarea
                data-autofocus
                required
                autosize
                minRows={2}
                maxRows={8}
                label={say("call.said")}
                value={said}
                onChange={(e) => setSaid(e.currentTarget.value)}
              />
              <Textarea
                autosize
                minRows={1}
                maxRows={6}
                label={say("call.agreed")}
                value={agreed}
                onChange={(e) => setAgreed(e.currentTarget.value)}
              />
              <TextInput label={say("call.with")} value={person} onChange={(e) => setPerson(e.currentTarget.value)} />
              {!on.private && (
                <ClosingLine
                  value={closing}
                  suggested={suggested}
                  help={say("private.closing.call")}
                  onChange={setClosing}
                />
              )}
            </>
          )}
          <Group justify="flex-end">
            <Button type="submit" loading={busy} disabled={reached && !said.trim()}>
              {say("call.do")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
