import { ActionIcon, CloseButton, Group, Menu, SegmentedControl, TextInput, Title, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ArrowDownWideNarrow, ListFilter, Search } from "lucide-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import { accountsQuery, departmentsQuery, intentsQuery } from "@/api/queries";
import type { ConversationFilter, Sort, State } from "@/api/types";
import { say } from "@/lib/words";
import { MenuButton } from "@/ui/Frame";
import { Keys } from "@/ui/Keys";
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
}

/** Above the list: which one it is, its states, its order, its filters, its search. */
export function InboxHead({ filter, onFilter, search }: Props) {
  return (
    <header className={styles["head"]}>
      <Group gap={4} wrap="nowrap" h={36}>
        <MenuButton />
        <Title order={1} className={styles["title"]}>
          {say(`nav.${filter.view}`)}
        </Title>
        <SortMenu sort={filter.sort} onSort={(sort) => onFilter({ sort })} />
        <FilterMenu filter={filter} onFilter={onFilter} />
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
      <Chips filter={filter} onFilter={onFilter} />
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

function SortMenu({ sort, onSort }: { sort: Sort; onSort: (sort: Sort) => void }) {
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
          <Menu.RadioItem value="newest">{say("sort.newest")}</Menu.RadioItem>
          <Menu.RadioItem value="clock">{say("sort.clock")}</Menu.RadioItem>
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}

/** What can be filtered by, with the names of the choices. */
function useFilterChoices() {
  const departments = useQuery(departmentsQuery).data ?? [];
  const accounts = useQuery(accountsQuery).data ?? [];
  const intents = useQuery(intentsQuery).data ?? [];
  return {
    department: departments.map((d) => ({ value: d.id, label: d.name })),
    account: accounts.map((a) => ({ value: a.id, label: `${a.name} ${a.handle}` })),
    intent: intents.map((i) => ({ value: i.key, label: i.title })),
  };
}

type FilterName = "department" | "account" | "intent";
const filterNames: FilterName[] = ["department", "account", "intent"];

function FilterMenu({ filter, onFilter }: Omit<Props, "search">) {
  const choices = useFilterChoices();
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon size={32} aria-label={say("inbox.filter")}>
          <ListFilter size={17} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflowY: "auto" }}>
        {filterNames.map((name) => (
          <Menu.Sub key={name}>
            <Menu.Sub.Target>
              <Menu.Sub.Item>{say(`inbox.filter.${name}`)}</Menu.Sub.Item>
            </Menu.Sub.Target>
            <Menu.Sub.Dropdown mah={360} style={{ overflowY: "auto" }}>
              {choices[name].map((c) => (
                <Menu.Item
                  key={c.value}
                  onClick={() => onFilter({ [name]: filter[name] === c.value ? undefined : c.value })}
                >
                  {c.label}
                </Menu.Item>
              ))}
            </Menu.Sub.Dropdown>
          </Menu.Sub>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Chips({ filter, onFilter }: Omit<Props, "search">) {
  const choices = useFilterChoices();
  const chips = [
    ...filterNames.flatMap((name) => {
      const value = filter[name];
      return value ? [{ name, label: choices[name].find((c) => c.value === value)?.label ?? value }] : [];
    }),
    ...(filter.tag ? [{ name: "tag" as const, label: `#${filter.tag}` }] : []),
  ];
  return chips.length === 0 ? null : (
    <Group gap={6}>
      {chips.map((chip) => (
        <span key={chip.name} className={styles["filter"]}>
          <bdi>{chip.label}</bdi>
          <CloseButton
            size={18}
            aria-label={say("inbox.filter.remove", { name: chip.label })}
            onClick={() => onFilter({ [chip.name]: undefined })}
          />
        </span>
      ))}
    </Group>
  );
}
