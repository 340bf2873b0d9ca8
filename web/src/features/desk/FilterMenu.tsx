import { Menu, TextInput } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useMe } from "@/api/session";
import type { ConversationFilter, Narrowing, SavedView } from "@/api/types";
import { say } from "@/lib/words";
import { useOpenedAtOnce } from "@/ui/LazyMenu";
import { fromList, useFilterChoices } from "./filterChoices";
import { FilterButton } from "./InboxButtons";

const SaveView = lazy(() => import("./SavedViews").then((m) => ({ default: m.SaveView })));

interface Props {
  filter: ConversationFilter;
  onFilter: (change: Partial<ConversationFilter>) => void;
  saved?: SavedView | undefined;
}

/** Everything a list can be narrowed by, and the way to keep it. */
export function FilterMenu({ filter, onFilter, saved }: Props) {
  const choices = useFilterChoices();
  const { can } = useMe();
  const [saving, setSaving] = useState(false);
  const { target, menu } = useOpenedAtOnce();
  return (
    <>
      <Menu {...menu}>
        <Menu.Target>
          <FilterButton ref={target} />
        </Menu.Target>
        <Menu.Dropdown mah={520} style={{ overflowY: "auto" }}>
          {fromList
            .filter((name) => choices[name]?.length)
            .map((name) => (
              <Menu.Sub key={name}>
                <Menu.Sub.Target>
                  <Menu.Sub.Item>{say(`inbox.filter.${name}`)}</Menu.Sub.Item>
                </Menu.Sub.Target>
                <Menu.Sub.Dropdown mah={360} style={{ overflowY: "auto" }}>
                  {choices[name]?.map((c) => (
                    <Menu.Item key={c.value} onClick={() => onFilter(changed(filter, name, c.value))}>
                      {c.label}
                    </Menu.Item>
                  ))}
                </Menu.Sub.Dropdown>
              </Menu.Sub>
            ))}
          <Menu.CheckboxItem checked={filter.unread ?? false} onChange={(on) => onFilter({ unread: on || undefined })}>
            {say("inbox.filter.unread")}
          </Menu.CheckboxItem>
          <Menu.CheckboxItem checked={filter.asked ?? false} onChange={(on) => onFilter({ asked: on || undefined })}>
            {say("inbox.filter.asked")}
          </Menu.CheckboxItem>
          <TagField onTag={(tag) => onFilter({ tag })} />
          {can.includes("people.see") && !filter.q && (
            <>
              <Menu.Divider />
              <Menu.Item onClick={() => setSaving(true)}>{say("views.save")}</Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <Suspense>{saving && <SaveView filter={filter} saved={saved} onClose={() => setSaving(false)} />}</Suspense>
    </>
  );
}

function TagField({ onTag }: { onTag: (tag: string) => void }) {
  const [tag, setTag] = useState("");
  return (
    <TextInput
      size="xs"
      m={6}
      aria-label={say("inbox.filter.tag")}
      placeholder={say("inbox.filter.tag.write")}
      value={tag}
      onChange={(e) => setTag(e.currentTarget.value)}
      onKeyDown={(e) => {
        e.stopPropagation(); // the menu would take the letters for its own
        if (e.key === "Enter" && tag.trim()) {
          onTag(tag.trim().replace(/^#/, ""));
        }
      }}
    />
  );
}

/** The change that one choice makes: chosen again, it goes. */
function changed(filter: ConversationFilter, name: Narrowing, value: string): Partial<ConversationFilter> {
  const same = String(filter[name] ?? "") === value;
  return { [name]: same ? undefined : name === "days" ? Number(value) : value };
}
