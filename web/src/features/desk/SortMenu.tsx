import { Menu } from "@mantine/core";
import type { ConversationFilter, Sort } from "@/api/types";
import { say } from "@/lib/words";
import { useOpenedAtOnce } from "@/ui/LazyMenu";
import { SortButton } from "./InboxButtons";

/** In which order the list is. */
export function SortMenu({ filter, onSort }: { filter: ConversationFilter; onSort: (sort: Sort) => void }) {
  const { sort, state, view } = filter;
  const { target, menu } = useOpenedAtOnce();
  const sorts: Sort[] =
    state === "open" && view !== "aside" ? ["newest", "oldest", "clock", "priority"] : ["newest", "oldest", "clock"];
  return (
    <Menu {...menu}>
      <Menu.Target>
        <SortButton ref={target} sort={sort} />
      </Menu.Target>
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
