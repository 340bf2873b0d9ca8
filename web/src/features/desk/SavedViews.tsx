import { ActionIcon, Button, Checkbox, Group, Modal, Radio, Select, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { departmentsQuery, viewsQuery } from "@/api/queries";
import { useMe } from "@/api/session";
import { type ConversationFilter, narrowing, type SavedView, type ViewFilter } from "@/api/types";
import { say } from "@/lib/words";
import { Async } from "@/ui/Async";
import { useDo } from "@/ui/useDo";

/** A list's filter as a saved view keeps it. */
export function kept(filter: ConversationFilter): ViewFilter {
  const out: Record<string, unknown> = { view: filter.view, sort: filter.sort };
  if (filter.state !== "any") {
    out["state"] = filter.state;
  }
  narrowing.forEach((name) => {
    if (filter[name]) {
      out[name] = filter[name];
    }
  });
  return out as unknown as ViewFilter;
}

type Audience = SavedView["audience"];

/** Keeps the list that is shown: its name, and who finds it. */
export function SaveView({
  filter,
  saved,
  onClose,
}: {
  filter?: ConversationFilter;
  saved?: SavedView | undefined;
  onClose: () => void;
}) {
  const me = useMe();
  const { busy, run } = useDo();
  const departments = useQuery(departmentsQuery).data ?? [];
  const manages = me.can.includes("departments.manage");
  const mine = departments.filter((d) => manages || me.departments.some((m) => m.id === d.id));
  const changes = saved?.can.includes("change") ?? false;
  const [update, setUpdate] = useState(changes);
  const [name, setName] = useState(saved?.name ?? "");
  const [audience, setAudience] = useState<Audience>(saved?.audience ?? "me");
  const [department, setDepartment] = useState<string | null>(saved?.department?.id ?? mine[0]?.id ?? null);

  const save = async () => {
    const body = {
      name: name.trim(),
      audience,
      ...(audience === "department" && department ? { department } : {}),
      ...(filter ? { filter: kept(filter) } : {}),
    };
    const ok = await run({
      call: () =>
        saved && update && changes
          ? answer(api.PATCH("/api/views/{id}", { params: { path: { id: saved.id } }, body }))
          : answer(api.POST("/api/views", { body: { ...body, filter: filter ? kept(filter) : saved!.filter } })),
      said: say(saved && update ? "views.changed" : "views.saved", { name: name.trim() }),
      touches: [["views"], ["view-counts"]],
    });
    if (ok) {
      onClose();
    }
  };
  return (
    <Modal opened onClose={onClose} title={say("views.save")} size="sm">
      <form
        onSubmit={(e) => {
          e.preventDefault();
          void save();
        }}
      >
        <Stack>
          <TextInput
            data-autofocus
            required
            maxLength={60}
            label={say("views.save.name")}
            value={name}
            onChange={(e) => setName(e.currentTarget.value)}
          />
          {saved && changes && filter && (
            <Checkbox
              label={say("views.update", { name: saved.name })}
              checked={update}
              onChange={(e) => setUpdate(e.currentTarget.checked)}
            />
          )}
          <Radio.Group label={say("views.save.for")} value={audience} onChange={(a) => setAudience(a)}>
            <Stack gap={6} mt={6}>
              <Radio value="me" label={say("views.for.me")} />
              {mine.length > 0 && <Radio value="department" label={say("views.for.department")} />}
              {manages && <Radio value="all" label={say("views.for.all")} />}
            </Stack>
          </Radio.Group>
          {audience === "department" && (
            <Select
              label={say("views.for.departmentOf")}
              data={mine.map((d) => ({ value: d.id, label: d.name }))}
              value={department}
              onChange={setDepartment}
              allowDeselect={false}
            />
          )}
          <Text size="sm" c="dimmed">
            {say("views.help")}
          </Text>
          <Group justify="flex-end">
            <Button type="submit" loading={busy} disabled={!name.trim()}>
              {say("do.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** The lists one keeps: their order, their names, and the way to be rid of one. */
export function ArrangeViews({ onClose }: { onClose: () => void }) {
  const views = useQuery(viewsQuery);
  const { run } = useDo();
  const [renaming, setRenaming] = useState<SavedView>();
  const touches = [["views"], ["view-counts"]];
  const move = (list: SavedView[], i: number, by: 1 | -1) => {
    const ids = list.map((v) => v.id);
    const [id] = ids.splice(i, 1);
    ids.splice(i + by, 0, id!);
    void run({ call: () => answer(api.PUT("/api/views/order", { body: { views: ids } })), touches });
  };
  const remove = (v: SavedView) =>
    void run({
      call: () => answer(api.DELETE("/api/views/{id}", { params: { path: { id: v.id } } })),
      said: say("views.removed", { name: v.name }),
      undo: () =>
        run({
          call: () => answer(api.POST("/api/views", { body: { name: v.name, audience: v.audience, filter: v.filter, ...(v.department ? { department: v.department.id } : {}) } })), // prettier-ignore
          touches,
        }),
      touches,
    });
  if (renaming) {
    return <SaveView saved={renaming} onClose={() => setRenaming(undefined)} />;
  }
  return (
    <Modal opened onClose={onClose} title={say("views.manage")} size="md">
      <Async of={views} empty={say("views.empty")}>
        {(list) => (
          <Stack gap={4}>
            {list.map((v, i) => (
              <Group key={v.id} wrap="nowrap" gap={4}>
                <div style={{ flex: 1, minWidth: 0 }}>
                  <Text size="sm" truncate>
                    <bdi>{v.name}</bdi>
                  </Text>
                  {v.audience !== "me" && (
                    <Text size="xs" c="dimmed" truncate>
                      {say("views.shared", { name: v.by.name, audience: v.department?.name ?? say("views.for.all") })}
                    </Text>
                  )}
                </div>
                <ActionIcon
                  aria-label={say("views.up", { name: v.name })}
                  disabled={i === 0}
                  onClick={() => move(list, i, -1)}
                >
                  <ArrowUp size={16} aria-hidden />
                </ActionIcon>
                <ActionIcon
                  aria-label={say("views.down", { name: v.name })}
                  disabled={i === list.length - 1}
                  onClick={() => move(list, i, 1)}
                >
                  <ArrowDown size={16} aria-hidden />
                </ActionIcon>
                {v.can.includes("change") && (
                  <ActionIcon aria-label={say("views.rename", { name: v.name })} onClick={() => setRenaming(v)}>
                    <Pencil size={16} aria-hidden />
                  </ActionIcon>
                )}
                {v.can.includes("remove") && (
                  <ActionIcon aria-label={say("views.remove", { name: v.name })} onClick={() => remove(v)}>
                    <Trash2 size={16} aria-hidden />
                  </ActionIcon>
                )}
              </Group>
            ))}
          </Stack>
        )}
      </Async>
    </Modal>
  );
}
