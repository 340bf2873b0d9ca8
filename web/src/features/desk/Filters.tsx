import { ActionIcon, CloseButton, Group, Menu, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ListFilter } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { accountsQuery, departmentsQuery, intentsQuery, peopleQuery, topicsQuery } from "@/api/queries";
import { useMe } from "@/api/session";
import { type ConversationFilter, narrowing, type Narrowing, type SavedView } from "@/api/types";
import { say, sayOr } from "@/lib/words";
import styles from "./Inbox.module.css";

const SaveView = lazy(() => import("./SavedViews").then((m) => ({ default: m.SaveView })));

interface Props {
  filter: ConversationFilter;
  onFilter: (change: Partial<ConversationFilter>) => void;
}

interface Choice {
  value: string;
  label: string;
}

const languages = ["en", "de", "fr", "es", "it", "pt", "nl", "pl"];
const standings = ["customer", "prospect", "journalist", "influencer", "partner", "candidate", "stakeholder", "advocate", "detractor"]; // prettier-ignore
const days = [1, 7, 30, 90];
const fromList: Narrowing[] = ["department", "owner", "account", "channel", "intent", "topic", "language", "standing", "urgency", "days"]; // prettier-ignore

/** What can be filtered by, with the names of the choices. */
function useFilterChoices(): Partial<Record<Narrowing, Choice[]>> {
  const { can } = useMe();
  const inside = can.includes("people.see");
  const departments = useQuery(departmentsQuery).data ?? [];
  const accounts = useQuery(accountsQuery).data ?? [];
  const intents = useQuery(intentsQuery).data ?? [];
  const people = useQuery({ ...peopleQuery(), enabled: inside }).data ?? [];
  const topics = useQuery({ ...topicsQuery, enabled: inside }).data ?? [];
  const names = new Intl.DisplayNames(["en"], { type: "language" });
  return {
    department: departments.map((d) => ({ value: d.id, label: d.name })),
    owner: people.map((p) => ({ value: p.id, label: p.name })),
    account: accounts.map((a) => ({ value: a.id, label: `${a.name} ${a.handle}` })),
    channel: [...new Set(accounts.map((a) => a.channel))].map((c) => ({ value: c, label: sayOr(`channel.${c}`, c) })),
    intent: intents.map((i) => ({ value: i.key, label: i.title })),
    topic: topics.map((t) => ({ value: t.key, label: t.name })),
    language: languages.map((l) => ({ value: l, label: names.of(l) ?? l })),
    standing: standings.map((s) => ({ value: s, label: sayOr(`standing.${s}`, s) })),
    urgency: (["now", "today", "normal"] as const).map((u) => ({ value: u, label: say(`inbox.filter.urgency.${u}`) })),
    days: days.map((n) => ({ value: String(n), label: say("inbox.filter.days.n", { n }) })),
  };
}

/** Everything a list can be narrowed by, and the way to keep it. */
export function FilterMenu({ filter, onFilter, saved }: Props & { saved?: SavedView | undefined }) {
  const choices = useFilterChoices();
  const { can } = useMe();
  const [saving, setSaving] = useState(false);
  return (
    <>
      <Menu>
        <Menu.Target>
          <ActionIcon size={32} aria-label={say("inbox.filter")}>
            <ListFilter size={17} aria-hidden />
          </ActionIcon>
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

/** What narrows the list, each as a chip that can be taken off. */
export function FilterChips({ filter, onFilter }: Props) {
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
