import "@mantine/core/styles/Combobox.css";
import "@mantine/core/styles/ScrollArea.css";
import { ActionIcon, Combobox, Tooltip, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { MessageSquareText } from "lucide-react";
import { type ReactElement, useEffect, useRef } from "react";
import { answer, api } from "@/api/client";
import type { Fit } from "@/api/types";
import { say } from "@/lib/words";
import { Chip } from "@/ui/Chip";
import styles from "./Fitting.module.css";
import { deedName } from "./pieces";
import type { Using } from "./usingAnswers";

/** Around the field of a reply: a list of saved replies and answers while the caret stands behind a slash. */
export function SlashMenu({
  conversation,
  using,
  children,
}: {
  conversation: string;
  using: Using;
  children: ReactElement;
}) {
  const { slash, choose, close, onKey } = using;
  const store = useCombobox({ opened: slash !== undefined, onDropdownClose: close });
  const [typed] = useDebouncedValue(slash?.typed ?? "", 60);
  const query = useQuery({
    queryKey: ["saved", "slash", conversation, typed],
    queryFn: async () =>
      (await answer(api.GET("/api/conversations/{id}/slash", { params: { path: { id: conversation }, query: { q: typed } } }))).items, // prettier-ignore
    enabled: slash !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
  const list = query.data;
  // What is shown may still be for what was typed before: Enter then waits for the list that is meant.
  const old = query.isPlaceholderData || typed !== (slash?.typed ?? "");
  const wanted = useRef(false);
  const { selectFirstOption } = store;
  useEffect(() => {
    // Keeps the first of a new list chosen, so that Enter takes it.
    if (slash && list?.length && !old) {
      selectFirstOption();
      const first = list.find((f) => !isInside(f));
      if (wanted.current && first) {
        choose(first);
      }
    }
    if (!slash || !old) {
      wanted.current = false;
    }
  }, [slash, list, old, choose, selectFirstOption]);
  useEffect(() => {
    // Lends the field's keys to the list for as long as it is open.
    onKey.current = slash
      ? (e) => {
          const step = { ArrowDown: store.selectNextOption, ArrowUp: store.selectPreviousOption }[e.key];
          if (step && list?.length) {
            step();
          } else if ((e.key === "Enter" && !e.metaKey && !e.ctrlKey) || e.key === "Tab") {
            if (e.shiftKey || (!old && !list?.length)) {
              return false;
            }
            if (old) {
              wanted.current = true;
            } else {
              store.clickSelectedOption();
            }
          } else if (e.key === "Escape") {
            close();
            e.stopPropagation();
          } else {
            return false;
          }
          e.preventDefault();
          return true;
        }
      : undefined;
    return () => {
      onKey.current = undefined;
    };
  }, [slash, list, old, store, close, onKey]);

  return (
    <Combobox
      store={store}
      position="top-start"
      width={420}
      withinPortal
      keepMounted={false} // a list that is there, though unseen, would take every key from the page
      shadow="md"
      onOptionSubmit={(id) => {
        const fit = list?.find((f) => f.id === id);
        if (fit && !isInside(fit)) {
          choose(fit);
        }
      }}
    >
      <Combobox.Target withKeyboardNavigation={false}>{children}</Combobox.Target>
      <Combobox.Dropdown className={styles["slash"] ?? ""}>
        <Combobox.Options aria-label={say("slash.title")} mah={320} style={{ overflowY: "auto" }}>
          {list?.map((f) => (
            <Combobox.Option key={f.id} value={f.id} disabled={isInside(f)}>
              <Offer fit={f} />
            </Combobox.Option>
          ))}
          {list?.length === 0 && (
            <Combobox.Empty>{slash?.typed ? say("slash.none", { q: slash.typed }) : say("slash.empty")}</Combobox.Empty>
          )}
          {!list && <Combobox.Empty>{query.error ? query.error.message : say("slash.wait")}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

/** The same list for who has no slash at hand: a phone's keyboard hides it. */
export function SlashButton({ using }: { using: Using }) {
  return (
    <Tooltip label={say("slash.hint")}>
      <ActionIcon aria-label={say("slash.button")} onMouseDown={(e) => e.preventDefault()} onClick={using.begin}>
        <MessageSquareText size={16} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

const isInside = (f: Fit) => f.answer?.audience === "inside";

function Offer({ fit: f }: { fit: Fit }) {
  const deeds = f.saved?.deeds ?? [];
  return (
    <div className={styles["offer"]}>
      <span className={styles["offerHead"]}>
        <bdi className={styles["title"]}>{f.title}</bdi>
        {f.saved && <kbd className={styles["shortcut"]}>{`/${f.saved.shortcut}`}</kbd>}
        {f.saved?.own && <span className={styles["quiet"]}>{say("slash.own")}</span>}
        {f.answer && f.answer.audience !== "public" && (
          <Chip tone={f.answer.audience === "inside" ? "note" : "private"}>
            {say(`fit.audience.${f.answer.audience}`)}
          </Chip>
        )}
      </span>
      <bdi className={styles["excerpt"]}>{f.text}</bdi>
      {deeds.length > 0 && <span className={styles["quiet"]}>{deeds.map(deedName).join(" · ")}</span>}
    </div>
  );
}
