import { ActionIcon, Button, Menu, Textarea, Tooltip } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { ChevronDown, Globe, Hourglass, Lock, TriangleAlert } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { answer, api } from "@/api/client";
import { useMe, useSession } from "@/api/session";
import type { Conversation, ReplyAs } from "@/api/types";
import { keepDraft, useDraft } from "@/lib/drafts";
import { intentKey, Problem } from "@/lib/http";
import { misfit } from "@/lib/limits";
import { shortHandle } from "@/lib/text";
import { say } from "@/lib/words";
import { complain, tell } from "@/ui/toast";
import { AttachButton, Attached, useAttachments } from "./attachments";
import styles from "./Composer.module.css";
import { Counter } from "./Counter";
import { answeredSince, type Habits, keepHabits, lastEntry, readHabits } from "./reply";
import { patchRow } from "./deeds";
import { UndoChoices } from "./UndoChoices";
import { useAskedFocus, useSendKey } from "./writing";

interface Props {
  conversation: Conversation;
  as: ReplyAs;
  draft: string;
  asked: number;
  isPrivate: boolean;
  onPrivate: (isPrivate: boolean) => void;
}

/** An answer to the contact. The button says who speaks and who will read it. */
export function ReplyForm({ conversation: c, as, draft, asked, isPrivate, onPrivate }: Props) {
  const { stopped } = useSession();
  const [text, setText] = useDraft(draft);
  const [habits, setHabits] = useState(readHabits);
  const files = useAttachments(as.limits);
  const field = useAskedFocus(asked);
  const onKey = useSendKey();
  const sending = useSending({ c, as, draft, isPrivate, habits, files });
  const problem = misfit(as.limits, text, isPrivate);
  const tone = isPrivate ? "private" : "public";

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!problem) {
      void sending.send(text, false);
    }
  }

  return (
    <form onSubmit={submit}>
      <Notices c={c} as={as} stopped={stopped} />
      {sending.meanwhile !== undefined && (
        <div className={styles["meanwhile"]} role="alert">
          <TriangleAlert size={16} aria-hidden />
          <span>
            <strong>
              {sending.meanwhile
                ? say("composer.meanwhile", { who: sending.meanwhile })
                : say("composer.meanwhile.somebody")}
            </strong>{" "}
            {say("composer.meanwhile.read")}
          </span>
          <Button
            size="compact-sm"
            variant="default"
            disabled={Boolean(problem)}
            onClick={() => void sending.send(text, true)}
          >
            {say("composer.meanwhile.send")}
          </Button>
        </div>
      )}
      <Textarea
        ref={field}
        variant="unstyled"
        autosize
        minRows={2}
        maxRows={12}
        classNames={{ input: styles["input"] ?? "" }}
        aria-label={say("composer.tab.reply")}
        placeholder={say("composer.reply.placeholder", { to: as.to || c.contact.name })}
        dir="auto"
        value={text}
        onFocus={sending.begin}
        onChange={(e) => setText(e.currentTarget.value)}
        onKeyDown={onKey}
      />
      <Attached files={files} />
      <div className={styles["foot"]}>
        <AttachButton files={files} limits={as.limits} />
        {!as.private && (
          <Tooltip label={say(isPrivate ? "composer.makePublic" : "composer.makePrivate")}>
            <ActionIcon
              aria-label={say(isPrivate ? "composer.makePublic" : "composer.makePrivate")}
              onClick={() => onPrivate(!isPrivate)}
            >
              {isPrivate ? <Globe size={16} aria-hidden /> : <Lock size={16} aria-hidden />}
            </ActionIcon>
          </Tooltip>
        )}
        <span className={styles["push"]} />
        <Counter limits={as.limits} text={text} isPrivate={isPrivate} />
        <Button.Group className={styles["send"]}>
          <Button
            type="submit"
            size="xs"
            color={tone}
            loading={sending.busy}
            disabled={Boolean(problem) || files.busy}
            title={as.handle}
            className={styles["sendButton"]}
          >
            {say(as.held ? `composer.${tone}.held` : `composer.${tone}`, { handle: shortHandle(as.handle) })}
          </Button>
          <HabitsMenu
            tone={tone}
            habits={habits}
            onHabits={(next) => {
              setHabits(next);
              keepHabits(next);
            }}
          />
        </Button.Group>
      </div>
    </form>
  );
}

function Notices({ c, as, stopped }: { c: Conversation; as: ReplyAs; stopped: boolean }) {
  const lines = [
    stopped && say("composer.stopped"),
    as.held && say("composer.held"),
    c.state === "closed" && say("composer.closed"),
  ].filter((l) => l !== false);
  return lines.length === 0 ? null : (
    <p className={styles["notice"]}>
      <Hourglass size={13} aria-hidden /> {lines.join(" ")}
    </p>
  );
}

function HabitsMenu({ tone, habits, onHabits }: { tone: string; habits: Habits; onHabits: (habits: Habits) => void }) {
  return (
    <Menu position="top-end">
      <Menu.Target>
        <Button size="xs" color={tone} px={7} aria-label={say("composer.options")} className={styles["habits"]}>
          <ChevronDown size={15} aria-hidden />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{say("composer.then")}</Menu.Label>
        <Menu.RadioGroup value={habits.then} onChange={(then) => onHabits({ ...habits, then: then as Habits["then"] })}>
          {(["waiting", "close", "open"] as const).map((then) => (
            <Menu.RadioItem key={then} value={then}>
              {say(`composer.then.${then}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <UndoChoices undo={habits.undo} onUndo={(undo) => onHabits({ ...habits, undo })} />
      </Menu.Dropdown>
    </Menu>
  );
}

interface SendingProps {
  c: Conversation;
  as: ReplyAs;
  draft: string;
  isPrivate: boolean;
  habits: Habits;
  files: ReturnType<typeof useAttachments>;
}

/**
 * Sends an answer once: under one key for as long as the words stay the same, whatever becomes of the line; not past
 * a colleague's answer that the writer has not seen; and with time to take it back.
 */
function useSending({ c, as, draft, isPrivate, habits, files }: SendingProps) {
  const queries = useQueryClient();
  const me = useMe();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState(false);
  const [seen, setSeen] = useState<string>();
  const intent = useRef({ words: "", key: "" });
  const since = answeredSince(c.timeline, seen, me.name);
  const meanwhile = since ?? (refused ? "" : undefined);

  async function send(text: string, force: boolean) {
    if (busy) {
      return;
    }
    const body = {
      text: text.trim(),
      account: as.account,
      private: isPrivate,
      undo: habits.undo,
      then: habits.then,
      media: files.ids,
      ...(seen ? { seen: force ? lastEntry(c)! : seen } : {}),
      ...(force ? { force } : {}),
    };
    const words = JSON.stringify(body);
    if (intent.current.words !== words) {
      intent.current = { words, key: intentKey() };
    }
    setBusy(true);
    try {
      const delivery = await answer(
        api.POST("/api/conversations/{id}/reply", {
          params: { path: { id: c.id }, header: { "Idempotency-Key": intent.current.key } },
          body,
        }),
      );
      keepDraft(draft, "");
      files.clear();
      intent.current = { words: "", key: "" };
      setSeen(undefined);
      setRefused(false);
      queries.setQueryData<Conversation>(
        ["conversation", c.id],
        (old) => old && { ...old, deliveries: [...old.deliveries.filter((d) => d.id !== delivery.id), delivery] },
      );
      said(delivery.id, delivery.state, text);
      showThen();
    } catch (error) {
      if (error instanceof Problem && error.status === 409) {
        setRefused(true);
      } else {
        complain(error);
      }
    } finally {
      setBusy(false);
      void queries.invalidateQueries({ queryKey: ["conversation", c.id] });
    }
  }

  function said(id: string, state: string, text: string) {
    if (state === "held") {
      tell(say("composer.waits"));
    } else if (habits.undo > 0) {
      tell(say("composer.sending", { n: habits.undo }), { undo: () => unsend(id, text), seconds: habits.undo });
    } else {
      tell(say("composer.sent", { handle: as.handle }));
    }
  }

  function showThen() {
    if (habits.then !== "open" && !as.held) {
      patchRow(queries, c.id, { state: habits.then === "close" ? "closed" : "waiting" });
    }
    void queries.invalidateQueries({ queryKey: ["conversations"] });
    void queries.invalidateQueries({ queryKey: ["counts"] });
  }

  async function unsend(id: string, text: string) {
    try {
      await answer(api.POST("/api/deliveries/{id}/cancel", { params: { path: { id } } }));
      keepDraft(draft, text);
      tell(say("composer.unsent"));
    } catch (error) {
      complain(error);
    }
    void queries.invalidateQueries({ queryKey: ["conversation", c.id] });
    void queries.invalidateQueries({ queryKey: ["conversations"] });
    void queries.invalidateQueries({ queryKey: ["counts"] });
  }

  return { send, busy, meanwhile, begin: () => setSeen((was) => was ?? lastEntry(c)) };
}
