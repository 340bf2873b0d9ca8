import { ArrowDownWideNarrow, ListFilter } from "lucide-react";
import type { ComponentProps } from "react";
import type { Sort } from "@/api/types";
import { say } from "@/lib/words";
import { DeedIcon } from "@/ui/ActionButton";

type Button = ComponentProps<"button">;

/** Shows by what the list is ordered, and opens the orders. */
export function SortButton({ sort, ...props }: Button & { sort: Sort }) {
  return (
    <DeedIcon deed="sort" hotkey="O" name={say("sort.label")} size={32} title={say(`sort.${sort}`)} {...props}>
      <ArrowDownWideNarrow size={17} aria-hidden />
    </DeedIcon>
  );
}

/** Opens what the list can be narrowed by. */
export function FilterButton(props: Button) {
  return (
    <DeedIcon deed="filter" hotkey="F" name={say("inbox.filter")} size={32} {...props}>
      <ListFilter size={17} aria-hidden />
    </DeedIcon>
  );
}
