import { CloseButton, Group, SegmentedControl, TextInput, Title } from "@mantine/core";
import { Search } from "lucide-react";
import { lazy, type RefObject, useEffect, useRef, useState } from "react";
import type { ConversationFilter, SavedView, State } from "@/api/types";
import { say } from "@/lib/words";
import { MenuButton } from "@/ui/Frame";
import { Keys } from "@/ui/Keys";
import { LazyMenu } from "@/ui/LazyMenu";
import { FilterChips } from "./FilterChips";
import styles from "./Inbox.module.css";
import { FilterButton, SortButton } from "./InboxButtons";

const readSorts = () => import("./SortMenu");
const readFilters = () => import("./FilterMenu");
const SortMenu = lazy(() => readSorts().then((m) => ({ default: m.SortMenu })));
const FilterMenu = lazy(() => readFilters().then((m) => ({ default: m.FilterMenu })));

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
        <LazyMenu button={<SortButton sort={filter.sort} />} read={readSorts}>
          <SortMenu filter={filter} onSort={(sort) => onFilter({ sort })} />
        </LazyMenu>
        <LazyMenu button={<FilterButton />} read={readFilters}>
          <FilterMenu filter={filter} onFilter={onFilter} saved={saved} />
        </LazyMenu>
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
