import {
  Autocomplete,
  Button,
  Group,
  Modal,
  NativeSelect,
  SegmentedControl,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Lock } from "lucide-react";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { privateQuery } from "@/api/queries";
import type { PrivateWays, Row } from "@/api/types";
import { learn, say } from "@/lib/words";
import { contactWords } from "@/lib/words/contact";
import { Async } from "@/ui/Async";
import { fieldErrors } from "@/ui/form";
import { useDo } from "@/ui/useDo";
import { ClosingLine } from "./ClosingLine";

learn(contactWords);

/** One step from what everybody reads to a word with one. The public gets a closing line once that was sent. */
export function PrivateDialogue({ on, onClose }: { on: Row; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={say("private.title")} size="lg">
      <Async of={useQuery(privateQuery(on.id))}>{(ways) => <Form on={on} ways={ways} onClose={onClose} />}</Async>
    </Modal>
  );
}

type How = "direct" | "email";

function Form({ on, ways, onClose }: { on: Row; ways: PrivateWays; onClose: () => void }) {
  const { busy, run } = useDo();
  const [how, setHow] = useState<How>(ways.direct || !ways.mailboxes.length ? "direct" : "email");
  const [mailbox, setMailbox] = useState(ways.mailboxes[0]?.account ?? "");
  const [address, setAddress] = useState(ways.addresses[0] ?? "");
  const [subject, setSubject] = useState(ways.subject);
  const [text, setText] = useState("");
  const [closings, setClosings] = useState<Partial<Record<How, string | undefined>>>({
    direct: ways.closing["direct"],
    email: ways.closing["email"],
  });
  const [errors, setErrors] = useState<Record<string, string>>({});
  const as = how === "direct" ? ways.direct : ways.mailboxes.find((m) => m.account === mailbox);
  const closing = closings[how];
  const send = () =>
    run({
      call: () =>
        answer(
          api.POST("/api/conversations/{id}/private", {
            params: { path: { id: on.id } },
            body: {
              how, text, undo: 5,
              ...(how === "email" ? { mailbox, address: address.trim(), subject: subject.trim() } : {}),
              ...(closing?.trim() ? { closing: closing.trim() } : {}),
            }, // prettier-ignore
          }),
        ),
      said: say("private.done"),
      then: onClose,
      failed: (error) => {
        const wrong = fieldErrors(error) as Record<string, string>;
        setErrors(wrong);
        return Object.keys(wrong).some((k) => ["address", "subject", "text", "closing"].includes(k));
      },
      touches: [["conversation", on.id], ["conversations"], ["counts"], ["private", on.id], ["contact"]],
    });
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        void send();
      }}
    >
      <Stack>
        <Text size="sm" c="dimmed">
          {say("private.help")}
        </Text>
        <SegmentedControl
          aria-label={say("private.how")}
          value={how}
          onChange={(v) => setHow(v)}
          data={[
            { value: "direct", label: say("private.direct") },
            { value: "email", label: say("private.email") },
          ]}
        />
        {how === "email" && ways.mailboxes.length > 0 && (
          <>
            <Group grow align="start">
              <NativeSelect
                label={say("private.as")}
                value={mailbox}
                onChange={(e) => setMailbox(e.currentTarget.value)}
                data={ways.mailboxes.map((m) => ({ value: m.account, label: m.handle }))}
              />
              <Autocomplete
                required
                label={say("private.address")}
                data={ways.addresses}
                value={address}
                error={errors["address"]}
                onChange={setAddress}
              />
            </Group>
            <TextInput
              required
              label={say("private.subject")}
              value={subject}
              error={errors["subject"]}
              onChange={(e) => setSubject(e.currentTarget.value)}
            />
          </>
        )}
        {as ? (
          <>
            <Textarea
              data-autofocus
              required
              autosize
              minRows={4}
              maxRows={12}
              label={say("private.text")}
              description={how === "direct" ? `${say("private.to")}: ${as.to}` : undefined}
              value={text}
              error={errors["text"]}
              onChange={(e) => setText(e.currentTarget.value)}
            />
            <ClosingLine
              value={closing}
              suggested={ways.closing[how] ?? ""}
              help={say("private.closing.help")}
              error={errors["closing"]}
              onChange={(line) => setClosings({ ...closings, [how]: line })}
            />
            {as.held && (
              <Text size="sm" c="dimmed">
                {say("private.held", { handle: as.handle })}
              </Text>
            )}
            <Group justify="flex-end">
              <Button
                type="submit"
                color="violet"
                loading={busy}
                disabled={!text.trim() || (how === "email" && !address.trim())}
                leftSection={<Lock size={15} aria-hidden />}
              >
                {say("private.do", { handle: as.handle })}
              </Button>
            </Group>
          </>
        ) : (
          <Text>{how === "direct" ? say("private.direct.no") : say("private.email.no")}</Text>
        )}
      </Stack>
    </form>
  );
}
