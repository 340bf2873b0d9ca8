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
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Lock } from "lucide-react";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { conversationQuery, privateQuery } from "@/api/queries";
import { useMe } from "@/api/session";
import type { Conversation, Delivery, PrivateWays, Row } from "@/api/types";
import { keepDraft, keptDraft, useDraft } from "@/lib/drafts";
import { Problem } from "@/lib/http";
import { brokeOff, endIntent, keyFor } from "@/lib/intents";
import { learn, say } from "@/lib/words";
import { contactWords } from "@/lib/words/contact";
import { Async } from "@/ui/Async";
import { fieldErrors } from "@/ui/form";
import { complain, tell } from "@/ui/toast";
import { useDo } from "@/ui/useDo";
import { ClosingLine } from "./ClosingLine";
import { answersSince, seenOf } from "./reply";
import { Meanwhile, Unclear } from "./Warnings";
import "./words";

learn(contactWords);

/** One step from what everybody reads to a word with one. The public gets a closing line once that was sent. */
export function PrivateDialogue({ on, onClose }: { on: Row; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={say("private.title")} size="lg">
      <Both on={on} onClose={onClose} />
    </Modal>
  );
}

/** The form, once it is known how it can go on and what was said so far. */
function Both({ on, onClose }: { on: Row; onClose: () => void }) {
  const conversation = useQuery(conversationQuery(on.id));
  return (
    <Async of={useQuery(privateQuery(on.id))}>
      {(ways) => <Async of={conversation}>{(c) => <Form on={on} c={c} ways={ways} onClose={onClose} />}</Async>}
    </Async>
  );
}

type How = "direct" | "email";

interface FormProps {
  on: Row;
  c: Conversation;
  ways: PrivateWays;
  onClose: () => void;
}

function Form({ on, c, ways, onClose }: FormProps) {
  const queries = useQueryClient();
  const me = useMe();
  const { undo } = me.habits;
  const draft = `${me.id}:${on.id}:private`;
  const [seen, setSeen] = useState(() => seenOf(c));
  const [refused, setRefused] = useState<"meanwhile" | "unclear">();
  const { busy, run } = useDo();
  const [how, setHow] = useState<How>(ways.direct || !ways.mailboxes.length ? "direct" : "email");
  const [mailbox, setMailbox] = useState(ways.mailboxes[0]?.account ?? "");
  const [address, setAddress] = useState(ways.addresses[0] ?? "");
  const [subject, setSubject] = useState(ways.subject);
  const [text, setText] = useDraft(draft);
  const [closings, setClosings] = useState<Partial<Record<How, string | undefined>>>({
    direct: ways.closing["direct"],
    email: ways.closing["email"],
  });
  const [errors, setErrors] = useState<Record<string, string>>({});
  const as = how === "direct" ? ways.direct : ways.mailboxes.find((m) => m.account === mailbox);
  const closing = closings[how];
  const touches = [["conversation", on.id], ["conversations"], ["counts"], ["private", on.id], ["contact"]];
  const send = (known = seen) => {
    const body = {
      how, text, undo,
      ...(known.newest ? { seen: known.newest } : {}),
      ...(how === "email" ? { mailbox, address: address.trim(), subject: subject.trim() } : {}),
      ...(closing?.trim() ? { closing: closing.trim() } : {}),
    }; // prettier-ignore
    setRefused(undefined);
    return run({
      call: () =>
        answer(
          api.POST("/api/conversations/{id}/private", {
            params: {
              path: { id: on.id },
              header: { "Idempotency-Key": keyFor(draft, { ...body, seen: "", undo: 0 }) },
            },
            body,
          }),
        ),
      then: ({ items: [sent] }) => {
        endIntent(draft);
        setText("");
        onClose();
        if (sent) {
          said(sent);
        }
      },
      failed: (error) => {
        if (error instanceof Problem && error.kind === "answered-meanwhile") {
          setRefused("meanwhile");
          return true;
        }
        if (brokeOff(error)) {
          setRefused("unclear");
          return true;
        }
        const wrong = fieldErrors(error) as Record<string, string>;
        setErrors(wrong);
        return Object.keys(wrong).some((k) => ["address", "subject", "text", "closing"].includes(k));
      },
      touches,
    });
  };
  const said = (sent: Delivery) => {
    if (sent.state === "held" || undo === 0) {
      tell(say(sent.state === "held" ? "composer.waits" : "private.done"));
      return;
    }
    tell(say("composer.sending", { n: undo }), { undo: () => unsend(sent.id), seconds: undo });
  };
  const unsend = async (id: string) => {
    try {
      await answer(api.POST("/api/deliveries/{id}/cancel", { params: { path: { id } } }));
      const since = keptDraft(draft);
      keepDraft(draft, since.trim() ? `${text.trimEnd()}\n\n${since}` : text);
      tell(say("private.unsent"));
    } catch (error) {
      complain(error);
    }
    touches.forEach((queryKey) => void queries.invalidateQueries({ queryKey }));
  };
  const sendAsWell = () => {
    const now = seenOf(c);
    setSeen(now);
    void send(now);
  };
  const sendAgain = () => {
    endIntent(draft);
    void send();
  };
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
            {refused === "meanwhile" && (
              <Meanwhile answers={answersSince(c, seen, me)} disabled={busy} onSend={sendAsWell} />
            )}
            {refused === "unclear" && <Unclear disabled={busy} onSend={sendAgain} />}
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
