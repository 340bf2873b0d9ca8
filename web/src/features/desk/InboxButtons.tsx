import { ActionIcon } from "@mantine/core";
import { useMergedRef } from "@mantine/hooks";
import { ArrowDownWideNarrow, ListFilter } from "lucide-react";
import type { ComponentProps } from "react";
import type { Sort } from "@/api/types";
import { shortcut } from "@/lib/actions";
import { say } from "@/lib/words";
import { useButtonDeed } from "@/ui/useButtonDeed";

type Button = ComponentProps<"button">;

// They stand on the first page, which does not wait for hints to be read: their title says what they are.

/** Shows by what the list is ordered, and opens the orders. */
export function SortButton({ sort, ref, ...props }: Button & { sort: Sort }) {
  const name = say("sort.label");
  const { button } = useButtonDeed({ deed: "sort", hotkey: "O" }, name, false);
  const known = { ref: useMergedRef(button, ref), "aria-label": name, "aria-keyshortcuts": shortcut("O") };
  return (
    <ActionIcon size={32} title={say(`sort.${sort}`)} {...known} {...props}>
      <ArrowDownWideNarrow size={17} aria-hidden />
    </ActionIcon>
  );
}

/** Opens what the list can be narrowed by. */
export function FilterButton({ ref, ...props }: Button) {
  const name = say("inbox.filter");
  const { button } = useButtonDeed({ deed: "filter", hotkey: "F" }, name, false);
  const known = { ref: useMergedRef(button, ref), "aria-label": name, "aria-keyshortcuts": shortcut("F") };
  return (
    <ActionIcon size={32} title={name} {...known} {...props}>
      <ListFilter size={17} aria-hidden />
    </ActionIcon>
  );
}
