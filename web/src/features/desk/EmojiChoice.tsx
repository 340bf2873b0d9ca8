import emojis from "emojibase-data/en/data.json";
import messages from "emojibase-data/en/messages.json";
import { type EmojiDataResolver, EmojiPicker } from "frimousse";
import { say } from "@/lib/words";
import styles from "./EmojiChoice.module.css";

/** The newest pictures that all current systems draw. */
const newest = 15;
/** Parts that others are put together of. */
const components = 2;

/** The pictures and their names, from our own files: nothing is fetched from elsewhere. */
const ours: EmojiDataResolver = (locale) => ({
  locale,
  emojis: emojis
    .filter((e) => e.group !== undefined && e.group !== components && e.version <= newest)
    .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
    .map((e) => ({ emoji: e.emoji, category: e.group!, label: e.label, version: e.version, tags: e.tags ?? [] })),
  categories: messages.groups.filter((g) => g.order !== components).map((g) => ({ index: g.order, label: g.message })),
  skinTones: { light: "", "medium-light": "", medium: "", "medium-dark": "", dark: "" },
});

/** A choice of emoji with a search; arrows move in it and Enter takes one. */
export function EmojiChoice({ onPick }: { onPick: (emoji: string) => void }) {
  return (
    <EmojiPicker.Root
      className={styles["choice"]}
      columns={8}
      resolveEmojiData={ours}
      onEmojiSelect={({ emoji }) => onPick(emoji)}
    >
      <EmojiPicker.Search
        className={styles["search"]}
        aria-label={say("composer.emoji.search")}
        placeholder={say("composer.emoji.search")}
        data-autofocus
      />
      <EmojiPicker.Viewport className={styles["view"]}>
        <EmojiPicker.Loading className={styles["say"]}>{say("composer.emoji.loading")}</EmojiPicker.Loading>
        <EmojiPicker.Empty className={styles["say"]}>{say("composer.emoji.none")}</EmojiPicker.Empty>
        <EmojiPicker.List
          className={styles["list"]}
          components={{
            CategoryHeader: ({ category, ...props }) => (
              <div {...props} className={styles["head"]}>
                {category.label}
              </div>
            ),
            Row: ({ children, ...props }) => (
              <div {...props} className={styles["row"]}>
                {children}
              </div>
            ),
            Emoji: ({ emoji, ...props }) => (
              <button {...props} type="button" className={styles["emoji"]} title={emoji.label}>
                {emoji.emoji}
              </button>
            ),
          }}
        />
      </EmojiPicker.Viewport>
    </EmojiPicker.Root>
  );
}
