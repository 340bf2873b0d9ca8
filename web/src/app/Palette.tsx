import { Modal, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ArrowRight, LibraryBig, MessageSquare, MousePointerClick, Search, UserRound } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useMemo, useState } from "react";
import { searchQuery } from "@/api/queries";
import { type Deed, isComposing, useKnownDeeds } from "@/lib/actions";
import { say } from "@/lib/words";
import { Keys } from "@/ui/Keys";
import { useMyDeeds } from "./mine";
import { onPage } from "./onPage";
import styles from "./Palette.module.css";

interface Choice {
  id: string;
  group: string;
  icon: ReactNode;
  name: string;
  more?: string;
  key?: string | undefined;
  run: () => unknown;
}

/** Anything by a few letters: what can be done here, whatever stands on the page, every place, every conversation. */
export function Palette({ onClose }: { onClose: () => void }) {
  return (
    <Modal.Root data-palette opened onClose={onClose} size={620} padding={0} yOffset="12vh">
      <Modal.Overlay backgroundOpacity={0.35} />
      <Modal.Content aria-label={say("palette.title")}>
        <Modal.Body>
          <Choices onClose={onClose} />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function Choices({ onClose }: { onClose: () => void }) {
  const [words, setWords] = useState("");
  const [at, setAt] = useState<string>();
  const { choices, searching } = useChoices(words);
  // By its name: what is found later may come before it.
  const chosen = Math.max(
    0,
    choices.findIndex((c) => c.id === at),
  );

  const run = (choice: Choice | undefined) => {
    if (choice) {
      onClose();
      // After the dialogue has given the focus back: what runs may want it.
      setTimeout(() => choice.run(), 0);
    }
  };
  const onKey = (event: KeyboardEvent) => {
    if (isComposing(event.nativeEvent)) {
      return; // the key is for the word that is being put together
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setAt(choices.at((chosen + step) % choices.length)?.id);
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(choices[chosen]);
    }
  };

  let group = "";
  return (
    <div onKeyDown={onKey}>
      <TextInput
        data-autofocus
        variant="unstyled"
        size="md"
        className={styles["input"] ?? ""}
        leftSection={<Search size={17} aria-hidden />}
        aria-label={say("palette.title")}
        placeholder={say("palette.placeholder")}
        role="combobox"
        aria-expanded
        aria-controls="palette"
        aria-activedescendant={choices.length > 0 ? `palette-${chosen}` : undefined}
        value={words}
        onChange={(e) => {
          setWords(e.currentTarget.value);
          setAt(undefined);
        }}
      />
      <div id="palette" role="listbox" aria-label={say("palette.title")} className={styles["list"]}>
        {choices.map((choice, i) => {
          const heading = choice.group === group ? undefined : choice.group;
          group = choice.group;
          return (
            <div key={choice.id} role="presentation">
              {heading && (
                <div className={styles["group"]} role="presentation">
                  {heading}
                </div>
              )}
              <div
                id={`palette-${i}`}
                role="option"
                aria-selected={i === chosen}
                className={styles["choice"]}
                onClick={() => run(choice)}
                onPointerMove={() => setAt(choice.id)}
                ref={(el) => (i === chosen ? el?.scrollIntoView?.({ block: "nearest" }) : undefined)}
              >
                {choice.icon}
                <bdi className={styles["name"]}>{choice.name}</bdi>
                {choice.more && <bdi className={styles["more"]}>{choice.more}</bdi>}
                {choice.key && <Keys of={choice.key} />}
              </div>
            </div>
          );
        })}
        {choices.length === 0 && (
          <Text p="md" c="dimmed" ta="center" size="sm" role="presentation">
            {searching ? say("palette.searching") : say("palette.none")}
          </Text>
        )}
      </div>
    </div>
  );
}

function useChoices(words: string): { choices: Choice[]; searching: boolean } {
  const known = useKnownDeeds();
  const navigate = useNavigate();
  const mine = useMyDeeds();
  const [asked] = useDebouncedValue(words.trim(), 150);
  const found = useQuery(searchQuery(asked));
  // What can be done does not change while the palette is open.
  const here = useMemo(() => known().filter((d) => !d.hidden), [known]);
  const fits = (d: Deed) => matches(d.name, words);
  const choice = (d: Deed, group: string): Choice => {
    const Icon = d.icon ?? ArrowRight;
    return { id: d.id, group, icon: <Icon size={16} aria-hidden />, name: d.name, key: d.key, run: d.run };
  };
  const named = new Set(here.map((d) => d.name));
  const standing = useMemo(() => onPage((name) => matches(name, words), words.trim() !== ""), [words]);
  const onThePage = standing
    .filter((p) => !named.has(p.name))
    .map((p): Choice => ({
      id: `page-${p.name}\n${p.where}`,
      group: say("palette.page"),
      icon: <MousePointerClick size={16} aria-hidden />,
      name: p.name,
      more: p.where,
      run: p.run,
    }));
  const there = asked && asked === words.trim() ? found.data : undefined;
  const toConversation = (conversation: string) =>
    navigate({ to: "/inbox/$view/{-$conversation}", params: { view: "all", conversation } });
  return {
    choices: [
      ...here.filter((d) => d.group !== "go" && fits(d)).map((d) => choice(d, say("palette.here"))),
      // Who types a button's name wants it before the places of the same name; who types nothing, looks for a place.
      ...(words.trim() ? onThePage : []),
      ...here.filter((d) => d.group === "go" && fits(d)).map((d) => choice(d, say("palette.go"))),
      ...(words.trim() ? [] : onThePage),
      ...mine.filter(fits).map((d) => choice(d, say("palette.mine"))),
      ...(there?.people ?? []).map((row): Choice => ({
        id: `person-${row.id}`,
        group: say("palette.people"),
        icon: <UserRound size={16} aria-hidden />,
        name: row.contact.name || row.contact.handle,
        more: row.contact.handle,
        run: () => toConversation(row.id),
      })),
      ...(there?.others ?? []).map((other): Choice => ({
        id: other.kind + other.id,
        group: say(other.kind === "answer" ? "palette.answers" : "palette.people"),
        icon: other.kind === "answer" ? <LibraryBig size={16} aria-hidden /> : <UserRound size={16} aria-hidden />,
        name: other.title,
        more: other.parts.map((p) => p.text).join(""),
        run: () =>
          other.kind === "answer"
            ? navigate({ to: "/answers/$answer", params: { answer: other.id } })
            : navigate({ to: "/contacts/$contact", params: { contact: other.id } }),
      })),
      ...(there?.items ?? []).slice(0, 8).map((hit): Choice => ({
        id: hit.conversation.id + hit.message,
        group: say("palette.found"),
        icon: <MessageSquare size={16} aria-hidden />,
        name: hit.conversation.contact.name,
        more: hit.snippet,
        run: () => toConversation(hit.conversation.id),
      })),
    ],
    searching: found.isFetching,
  };
}

/** Whether the words' letters begin the name or one of its words, each in turn. */
export function matches(name: string, words: string): boolean {
  const parts = name.toLowerCase().split(/\s+/);
  return words
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .every((w) => parts.some((p) => p.includes(w)));
}
