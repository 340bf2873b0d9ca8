import { ActionIcon } from "@mantine/core";
import { ArrowDownWideNarrow, ListFilter } from "lucide-react";
import type { ComponentProps } from "react";
import type { Sort } from "@/api/types";
import { say } from "@/lib/words";

type Button = ComponentProps<"button">;

/** Shows by what the list is ordered, and opens the orders. */
export function SortButton({ sort, ...props }: Button & { sort: Sort }) {
  return (
    <ActionIcon size={32} aria-label={say("sort.label")} title={say(`sort.${sort}`)} {...props}>
      <ArrowDownWideNarrow size={17} aria-hidden />
    </ActionIcon>
  );
}

/** Opens what the list can be narrowed by. */
export function FilterButton(props: Button) {
  return (
    <ActionIcon size={32} aria-label={say("inbox.filter")} {...props}>
      <ListFilter size={17} aria-hidden />
    </ActionIcon>
  );
}
