import { ActionIcon, Button, Menu, Textarea, Tooltip } from "@mantine/core";
import { ChevronDown, Globe, Hourglass, Lock } from "lucide-react";
import { type FormEvent, type ReactNode, useCallback, useMemo, useState } from "react";
import { useSession } from "@/api/session";
import type { Conversation, ReplyAs } from "@/api/types";
import type { Habits } from "@/api/writing";
import { amendDraft, keepDraft, keptWhole, useKept } from "@/lib/drafts";
import { misfit } from "@/lib/limits";
import { shortHandle } from "@/lib/text";
import { say } from "@/lib/words";
import { Alts, AttachButton, Attached, useAttachments, useDrop } from "./attachments";
import { useChecking } from "./checking";
import styles from "./Composer.module.css";
import { Counter } from "./Counter";
import { useDesk } from "./DeskProvider";
import { EmojiButton } from "./EmojiButton";
import { FoundPromises } from "./FoundPromises";
import { useHabits } from "./habits";
import { Others } from "./Others";
import { CloseDialogue } from "./ReasonDialogue";
import { useSending } from "./sending";
import { SlashButton, SlashMenu } from "./SlashMenu";
import { UndoChoices } from "./UndoChoices";
import { usePromising } from "./usePromising";
import { useUsing } from "./usingAnswers";
import { UsingNotices } from "./UsingNotices";
import { InParts, Meanwhile, Unclear, Warnings } from "./Warnings";
import { addressed, insertAt, useAskedFocus, useSendKey } from "./writing";
import "./words";

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
  const desk = useDesk();
  const { text, files: there, cc: wanted, ccFor } = useKept(draft);
  // Who was chosen for an answer to something earlier, or is in no mail any more, gets none: the contact may have left them out.
  const cc = useMemo(
    () => (ccFor === as.parent ? (wanted ?? []).filter((a) => as.others?.some((o) => o.address === a)) : []),
    [wanted, ccFor, as.parent, as.others],
  );
  const [habits, setHabits] = useHabits();
  const [parted, setParted] = useState(false);
  const [numbered, setNumbered] = useState(true);
  const [asking, setAsking] = useState(false);
  const shelf = useMemo(
    () => ({
      there: there ?? [],
      set: (change: (files: NonNullable<typeof there>) => NonNullable<typeof there>) =>
        amendDraft(draft, { files: change(keptWhole(draft).files ?? []) }),
    }),
    [there, draft],
  );
  const files = useAttachments(as.limits, shelf);
  const drop = useDrop(files);
  const field = useAskedFocus(asked);
  const onKey = useSendKey();
  const setText = useCallback(
    (words: string) => {
      setAsking(false);
      keepDraft(draft, words);
    },
    [draft],
  );
  const using = useUsing({ c, draft, text, setText, field, isPrivate });
  const promising = usePromising(c, text);
  const sending = useSending({ c, as, draft, isPrivate, cc, habits, files: files.there, using, promising });
  const checking = useChecking(c.id, text, isPrivate, numbered);
  const whole = addressed(as, text);
  const problem = text.trim() === "" && files.there.length > 0 ? undefined : misfit(as.limits, whole, isPrivate);
  const parts = problem && !isPrivate && checking.parts.length > 1 ? checking.parts : undefined;
  const inParts = parted ? parts : undefined;
  const tone = isPrivate ? "private" : "public";
  const unfit = (Boolean(problem) && !inParts) || Boolean(using.problem);
  const goPrivate = as.private || isPrivate ? undefined : () => onPrivate(true);

  async function submit(event?: FormEvent) {
    event?.preventDefault();
    if (unfit || files.busy || sending.busy || sending.meanwhile) {
      return;
    }
    if (!asking && (await checking.now()).length > 0) {
      setAsking(true);
      return;
    }
    go();
  }
  function go() {
    setAsking(false);
    setParted(false);
    checking.forget();
    void sending.send(text, inParts);
  }
  function insert(words: string) {
    insertAt(field.current, text, words, (t) => keepDraft(draft, t));
  }

  return (
    <form
      // The form of a dialogue that stands over this one is heard here too: it sends no answer.
      onSubmit={(e) => e.target === e.currentTarget && void submit(e)}
      {...drop.handlers}
      data-drop={drop.over || undefined}
      className={styles["form"]}
    >
      <Notices c={c} as={as} stopped={stopped} />
      {sending.meanwhile && (
        <Meanwhile
          answers={sending.meanwhile}
          disabled={unfit || files.busy}
          onSend={() => void sending.sendAsWell(text, inParts)}
        />
      )}
      {sending.unclear && (
        <Unclear disabled={unfit || files.busy} onSend={() => void sending.sendAgain(text, inParts)} />
      )}
      <SlashMenu conversation={c.id} using={using}>
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
          onChange={(e) => {
            setText(e.currentTarget.value);
            using.look(e.currentTarget);
          }}
          onSelect={(e) => using.look(e.currentTarget)}
          onBlur={using.close}
          onKeyDown={(e) => using.onKey.current?.(e) || onKey(e)}
        />
      </SlashMenu>
      <Others
        as={as}
        to={c.contact.name}
        chosen={cc}
        onChosen={(addresses) => amendDraft(draft, { cc: addresses, ccFor: as.parent })}
      />
      <UsingNotices using={using} onPrivate={goPrivate} />
      <FoundPromises conversation={c} promising={promising} />
      <Attached files={files} />
      <Alts files={files} limits={as.limits} />
      {parts && (
        <InParts
          parts={parts}
          limits={as.limits}
          numbered={numbered}
          onNumbered={setNumbered}
          chosen={parted}
          onChosen={setParted}
          onPrivate={goPrivate}
        />
      )}
      <Warnings
        warnings={checking.warnings}
        asking={asking && checking.warnings.length > 0}
        onDismiss={checking.dismiss}
        onPutThrough={() => desk.ask("handover", c)}
        onPrivate={goPrivate}
        onInsert={(words) => keepDraft(draft, `${words} ${text.trimStart()}`)}
        onSend={go}
      />
      <div className={styles["foot"]}>
        <AttachButton files={files} limits={as.limits} />
        <EmojiButton onPick={insert} />
        <SlashButton using={using} />
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
        {!inParts && <Counter limits={as.limits} text={whole} isPrivate={isPrivate} />}
        <Button.Group className={styles["send"]}>
          <Button
            type="submit"
            size="xs"
            color={tone}
            loading={sending.busy}
            disabled={unfit || files.busy}
            title={as.handle}
            className={styles["sendButton"]}
          >
            {inParts
              ? say(as.held ? "composer.parts.held" : "composer.parts", {
                  handle: shortHandle(as.handle),
                  n: inParts.length,
                })
              : cc.length > 0
                ? say(as.held ? `composer.${tone}.also.held` : `composer.${tone}.also`, {
                    handle: shortHandle(as.handle),
                    to: c.contact.name,
                    n: cc.length,
                  })
                : say(as.held ? `composer.${tone}.held` : `composer.${tone}`, { handle: shortHandle(as.handle) })}
          </Button>
          <HabitsMenu tone={tone} habits={habits} onHabits={setHabits} />
        </Button.Group>
      </div>
      {sending.closing && (
        <CloseDialogue
          n={sending.closing.n}
          onDo={(reason) => sending.closing?.go({ reason })}
          onKeep={() => sending.closing?.go({ then: "waiting" })}
          onClose={sending.closing.cancel}
        />
      )}
      {drop.over && <DropHint>{say("composer.drop")}</DropHint>}
    </form>
  );
}

function DropHint({ children }: { children: ReactNode }) {
  return (
    <div className={styles["drop"]} aria-hidden>
      {children}
    </div>
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
