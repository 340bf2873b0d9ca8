import { Button, Checkbox, Menu, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { ChevronDown } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useMe, useSession } from "@/api/session";
import type { Account } from "@/api/types";
import { useDraft } from "@/lib/drafts";
import { say } from "@/lib/words";
import { ChannelGlyph } from "@/ui/ChannelGlyph";
import { Attached, AttachButton, type Files, useAttachments, useDrop } from "./attachments";
import composer from "./Composer.module.css";
import { Counter } from "./Counter";
import { filesOf, isHeld, languages, publishName, unfit } from "./post";
import styles from "./PostForm.module.css";
import { useHabits } from "./habits";
import { UndoChoices } from "./UndoChoices";
import { usePublishing } from "./publishing";
import { useSendKey } from "./writing";
import "./words";

/** Who speaks, what is said, and what goes with it. The button says who will read it: everybody. */
export function PostForm({ accounts }: { accounts: Account[] }) {
  const me = useMe();
  const draft = `${me.id}:post`;
  const { organisation, stopped } = useSession();
  const [text, setText] = useDraft(draft);
  const [ids, setIds] = useState<string[]>(accounts.length === 1 ? [accounts[0]!.id] : []);
  const [language, setLanguage] = useState(organisation.locale.split("-")[0] ?? "");
  const [alts, setAlts] = useState<Record<string, string>>({});
  const [habits, setHabits] = useHabits();
  const { undo } = habits;
  const chosen = accounts.filter((a) => ids.includes(a.id));
  const limits = filesOf(chosen.length > 0 ? chosen : accounts);
  const files = useAttachments(limits);
  const drop = useDrop(files);
  const onKey = useSendKey();
  const publishing = usePublishing({ draft, files });
  const media = files.there.map((f) => ({ id: f.id, alt: (alts[f.id] ?? "").trim() }));
  const problem = unfit(
    chosen,
    text,
    media.map((m) => m.alt),
  );

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!problem && !files.busy) {
      void publishing.publish({ accounts: chosen.map((a) => a.id), text: text.trim(), media, language, undo });
    }
  }

  return (
    <form onSubmit={submit} {...drop.handlers} className={styles["form"]}>
      <Speakers accounts={accounts} ids={ids} text={text} onIds={setIds} />
      <section className={composer["composer"]} data-tone="public" aria-label={say("post.text")}>
        {stopped && <p className={composer["notice"]}>{say("composer.stopped")}</p>}
        <Textarea
          variant="unstyled"
          autosize
          minRows={4}
          maxRows={16}
          classNames={{ input: composer["input"] ?? "" }}
          aria-label={say("post.text")}
          placeholder={say("post.placeholder")}
          dir="auto"
          value={text}
          onChange={(e) => setText(e.currentTarget.value)}
          onKeyDown={onKey}
        />
        <Attached files={files} />
        <Descriptions files={files} alts={alts} onAlt={(id, alt) => setAlts({ ...alts, [id]: alt })} />
        <div className={composer["foot"]}>
          <AttachButton files={files} limits={limits} />
          <NativeSelect
            size="xs"
            aria-label={say("post.language")}
            value={language}
            onChange={(e) => setLanguage(e.currentTarget.value)}
            data={[{ value: "", label: say("post.language.none") }, ...languages()]}
          />
          <span className={composer["push"]} />
          <Button.Group className={composer["send"]}>
            <Button
              type="submit"
              size="xs"
              color="public"
              loading={publishing.busy}
              disabled={Boolean(problem) || files.busy}
              title={problem}
              className={composer["sendButton"]}
            >
              {publishName(chosen)}
            </Button>
            <Menu position="bottom-end">
              <Menu.Target>
                <Button
                  size="xs"
                  color="public"
                  px={7}
                  aria-label={say("composer.options")}
                  className={composer["habits"]}
                >
                  <ChevronDown size={15} aria-hidden />
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                <UndoChoices undo={undo} onUndo={(n) => setHabits({ ...habits, undo: n })} />
              </Menu.Dropdown>
            </Menu>
          </Button.Group>
        </div>
      </section>
    </form>
  );
}

interface SpeakersProps {
  accounts: Account[];
  ids: string[];
  text: string;
  onIds: (ids: string[]) => void;
}

/** The accounts to choose from, each with what is left by its own count. */
function Speakers({ accounts, ids, text, onIds }: SpeakersProps) {
  return (
    <Checkbox.Group label={say("post.as")} value={ids} onChange={onIds}>
      <ul className={styles["accounts"]}>
        {accounts.map((a) => (
          <li key={a.id} className={styles["account"]} data-chosen={ids.includes(a.id) || undefined}>
            <Checkbox
              value={a.id}
              label={
                <span className={styles["handle"]}>
                  <ChannelGlyph channel={a.channel} /> <bdi>{a.handle}</bdi>
                </span>
              }
              description={isHeld(a) ? say("post.held") : a.paused ? say("post.paused") : undefined}
            />
            {ids.includes(a.id) && <Counter limits={a.limits} text={text} isPrivate={false} />}
          </li>
        ))}
      </ul>
    </Checkbox.Group>
  );
}

interface DescriptionsProps {
  files: Files;
  alts: Record<string, string>;
  onAlt: (id: string, alt: string) => void;
}

/** What each picture shows, in words. */
function Descriptions({ files, alts, onAlt }: DescriptionsProps) {
  return (
    <div className={styles["alts"]}>
      {files.there.map((f) => (
        <TextInput
          key={f.id}
          size="sm"
          label={say("post.alt", { name: f.name })}
          dir="auto"
          value={alts[f.id] ?? ""}
          onChange={(e) => onAlt(f.id, e.currentTarget.value)}
        />
      ))}
    </div>
  );
}
