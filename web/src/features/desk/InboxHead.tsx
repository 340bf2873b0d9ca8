import { ActionIcon, CloseButton, Group, Menu, SegmentedControl, TextInput, Title, Tooltip } from "@mantine/core";
import { ArrowDownWideNarrow, Search } from "lucide-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import type { ConversationFilter, SavedView, Sort, State } from "@/api/types";
import { say } from "@/lib/words";
import { MenuButton } from "@/ui/Frame";
import { Keys } from "@/ui/Keys";
import { FilterChips, FilterMenu } from "./Filters";
import styles from "./Inbox.module.css";

const states: State[] = ["open", "waiting", "snoozed", "closed"];

/** A search looks everywhere, unless one says where; without one, a list is in one state. */
function stateFor(q: string | undefined, { q: was, state }: ConversationFilter): ConversationFilter["state"] {
  if (q) {
    return was ? state : "any";
  }
  return state === "any" ? "open" : state;
}

interface Props {
  filter: ConversationFilter;
  onFilter: (change: Partial<ConversationFilter>) => void;
  search: RefObject<HTMLInputElement | null>;
  /** The saved list that is shown, if one is. */
  saved?: SavedView | undefined;
}

/** Above the list: which one it is, its states, its order, its filters, its search. */
export function InboxHead({ filter, onFilter, search, saved }: Props) {
  return (
    <header className={styles["head"]}>
      <Group gap={4} wrap="nowrap" h={36}>
        <MenuButton />
        <Title order={1} className={styles["title"]}>
          {saved ? <bdi>{saved.name}</bdi> : say(`nav.${filter.view}`)}
        </Title>
        <SortMenu filter={filter} onSort={(sort) => onFilter({ sort })} />
        <FilterMenu filter={filter} onFilter={onFilter} saved={saved} />
      </Group>
      <SearchField filter={filter} onFilter={onFilter} field={search} />
      {filter.view !== "aside" && filter.view !== "asked" && filter.view !== "promised" && (
        <SegmentedControl
          fullWidth
          aria-label={say("inbox.states")}
          value={filter.state}
          onChange={(state) => onFilter({ state })}
          data={[...(filter.q ? (["any"] as const) : []), ...states].map((s) => ({
            value: s,
            label: say(`state.${s}`),
          }))}
        />
      )}
      <FilterChips filter={filter} onFilter={onFilter} />
    </header>
  );
}

function SearchField({
  filter,
  onFilter,
  field,
}: {
  filter: ConversationFilter;
  onFilter: Props["onFilter"];
  field: Props["search"];
}) {
  const [text, setText] = useState(filter.q ?? "");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    // The address may change the search (a link, the way back).
    setText(filter.q ?? "");
  }, [filter.q]);
  const set = (next: string, wait: number) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const q = next.trim() || undefined;
      onFilter({ q, state: stateFor(q, filter) });
    }, wait);
  };
  return (
    <TextInput
      ref={field}
      size="sm"
      type="search"
      value={text}
      onChange={(e) => set(e.currentTarget.value, 250)}
      onKeyDown={(e) => {
        if (e.key === "Escape") {
          e.stopPropagation();
          set("", 0);
          e.currentTarget.blur();
        }
      }}
      aria-label={say("inbox.search")}
      placeholder={say("inbox.search")}
      leftSection={<Search size={15} aria-hidden />}
      rightSection={
        text ? (
          <CloseButton size="sm" aria-label={say("inbox.search.clear")} onClick={() => set("", 0)} />
        ) : (
          <Keys of="/" />
        )
      }
    />
  );
}

function SortMenu({
  filter: { sort, state, view },
  onSort,
}: {
  filter: ConversationFilter;
  onSort: (sort: Sort) => void;
}) {
  const sorts: Sort[] =
    state === "open" && view !== "aside" ? ["newest", "oldest", "clock", "priority"] : ["newest", "oldest", "clock"];
  return (
    <Menu>
      <Tooltip label={say(`sort.${sort}`)}>
        <Menu.Target>
          <ActionIcon size={32} aria-label={say("sort.label")}>
            <ArrowDownWideNarrow size={17} aria-hidden />
          </ActionIcon>
        </Menu.Target>
      </Tooltip>
      <Menu.Dropdown>
        <Menu.RadioGroup value={sort} onChange={(s) => onSort(s as Sort)}>
          {sorts.map((s) => (
            <Menu.RadioItem key={s} value={s}>
              {say(`sort.${s}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}
