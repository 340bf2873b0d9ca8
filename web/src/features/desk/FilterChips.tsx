import { CloseButton, Group } from "@mantine/core";
import { type ConversationFilter, narrowing } from "@/api/types";
import { say } from "@/lib/words";
import { useFilterChoices } from "./filterChoices";
import styles from "./Inbox.module.css";

interface Props {
  filter: ConversationFilter;
  onFilter: (change: Partial<ConversationFilter>) => void;
}

/** What narrows the list, each as a chip that can be taken off. */
export function FilterChips(props: Props) {
  return narrowing.some((name) => props.filter[name]) && <Chips {...props} />;
}

function Chips({ filter, onFilter }: Props) {
  const choices = useFilterChoices();
  const chips = narrowing.flatMap((name) => {
    const value = filter[name];
    if (!value) {
      return [];
    }
    const label =
      name === "tag"
        ? `#${value}`
        : name === "unread" || name === "asked"
          ? say(`inbox.filter.${name}`)
          : name === "days"
            ? say("inbox.filter.days.n", { n: Number(value) })
            : (choices[name]?.find((c) => c.value === value)?.label ?? String(value));
    return [{ name, label }];
  });
  return (
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
