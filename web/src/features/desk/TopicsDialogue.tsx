import { Button, Group, Modal, MultiSelect, Stack } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import "@/ui/forms";
import { answer, api } from "@/api/client";
import { conversationQuery, topicsQuery } from "@/api/queries";
import type { Row } from "@/api/types";
import { say } from "@/lib/words";
import { useDo } from "@/ui/useDo";
import { settle } from "./deeds";
import "./words";

/** Which topics a conversation is on, said by hand. */
export function TopicsDialogue({ on, onClose }: { on: Row; onClose: () => void }) {
  const queries = useQueryClient();
  const is = useQuery(conversationQuery(on.id)).data?.topics ?? [];
  const topics = useQuery(topicsQuery).data ?? [];
  const [chosen, setChosen] = useState<string[]>();
  const { busy, run } = useDo();
  const put = (keys: string[]) =>
    answer(api.PUT("/api/conversations/{id}/topics", { params: { path: { id: on.id } }, body: { topics: keys } }));
  const before = is.map((t) => t.key);
  const keys = chosen ?? before;
  const gone = is.filter((t) => !topics.some((o) => o.key === t.key)); // no longer in the dictionary
  const offered = [
    ...topics.filter((t) => t.enabled || keys.includes(t.key)).map((t) => ({ value: t.key, label: t.name })),
    ...gone.map((t) => ({ value: t.key, label: t.name })),
  ];
  return (
    <Modal opened onClose={onClose} title={say("topics.of")} size="sm">
      <form
        onSubmit={(e) => {
          e.preventDefault();
          void run({
            call: () => put(keys),
            said: say("did.topics"),
            undo: async () => settle(queries, await put(before)),
            then: (c) => {
              settle(queries, c);
              onClose();
            },
          });
        }}
      >
        <Stack>
          <MultiSelect
            data-autofocus
            searchable
            clearable
            label={say("topics.of.label")}
            description={say("topics.of.help")}
            nothingFoundMessage={say("topics.of.none")}
            data={offered}
            value={keys}
            onChange={setChosen}
          />
          <Group justify="flex-end">
            <Button type="submit" loading={busy}>
              {say("do.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
