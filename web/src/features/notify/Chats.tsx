import { Button, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { MessagesSquare, Plus } from "lucide-react";
import { useState } from "react";
import { answer, api } from "@/api/client";
import type { Chat, Chats } from "@/api/types";
import { useNow } from "@/lib/now";
import { ago } from "@/lib/time";
import { say } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { Async } from "@/ui/Async";
import { Chip } from "@/ui/Chip";
import { Card, Page } from "@/ui/Page";
import { useDo } from "@/ui/useDo";
import { ChatDialogue } from "./ChatDialogue";
import { chatsQuery } from "./queries";

/** The rooms of chat tools that are told. */
export function ChatsPage() {
  const [shown, setShown] = useState<Chat | "new">();
  const query = useQuery(chatsQuery);
  return (
    <Page
      narrow
      title={say("chats.title")}
      summary={say("chats.summary")}
      deeds={
        <DeedButton
          deed="chat-add"
          hotkey="n"
          leftSection={<Plus size={16} aria-hidden />}
          onClick={() => setShown("new")}
        >
          {say("chats.add")}
        </DeedButton>
      }
    >
      <Async of={query} empty={say("chats.empty")} isEmpty={(d) => d.items.length === 0}>
        {(d) => (
          <Stack gap="xs">
            {d.items.map((c) => (
              <Room key={c.id} chat={c} kinds={d.kinds} onChange={() => setShown(c)} />
            ))}
          </Stack>
        )}
      </Async>
      {shown && query.data && (
        <ChatDialogue
          chat={shown === "new" ? undefined : shown}
          kinds={query.data.kinds}
          onClose={() => setShown(undefined)}
        />
      )}
    </Page>
  );
}

const touches = [["chats"]];

function Room({ chat: c, kinds, onChange }: { chat: Chat; kinds: Chats["kinds"]; onChange: () => void }) {
  const { busy, run } = useDo();
  const now = useNow();
  const at = { params: { path: { id: c.id } } };
  const told = kinds.filter((k) => c.kinds.includes(k.kind)).map((k) => k.title);
  return (
    <Card {...(c.paused ? { tone: "warn" as const } : {})}>
      <Stack gap={6}>
        <Group gap="sm">
          <MessagesSquare size={17} aria-hidden />
          <Text fw={600}>
            <bdi>{c.name}</bdi>
          </Text>
          <Chip>{say(`chats.form.${c.form}`)}</Chip>
          <Chip tone={c.paused ? "warn" : c.trouble ? "urgent" : "good"}>
            {say(c.paused ? "chats.paused" : c.trouble ? "chats.failing" : "chats.works")}
          </Chip>
        </Group>
        <Text size="sm" c="dimmed">
          <bdi>{c.department?.name ?? say("chats.company")}</bdi> · {told.join(", ")} · <bdi>{c.host}</bdi> ·{" "}
          {c.sentAt ? say("chats.last", { when: ago(c.sentAt, now) }) : say("chats.never")}
        </Text>
        {c.trouble && (
          <Text size="sm">
            {say("chats.trouble", { why: c.trouble, when: c.troubleAt ? ago(c.troubleAt, now) : "" })}
          </Text>
        )}
        <Group gap="xs">
          <DeedButton
            deed="chat-try"
            hotkey="t"
            inRow
            size="compact-sm"
            variant="default"
            loading={busy}
            aria-label={say("chats.try.label", { name: c.name })}
            onClick={() =>
              void run({
                call: () => answer(api.POST("/api/chats/{id}/try", at)),
                said: say("chats.try.done"),
                touches,
              })
            }
          >
            {say("chats.try")}
          </DeedButton>
          <DeedButton
            deed="chat-change"
            hotkey="e"
            inRow
            size="compact-sm"
            variant="default"
            aria-label={say("chats.change.label", { name: c.name })}
            onClick={onChange}
          >
            {say("chats.change")}
          </DeedButton>
          <DeedButton
            deed="chat-pause"
            hotkey="p"
            inRow
            name={say(c.paused ? "chats.resume" : "chats.pause")}
            size="compact-sm"
            variant="default"
            loading={busy}
            aria-label={say(c.paused ? "chats.resume.label" : "chats.pause.label", { name: c.name })}
            onClick={() =>
              void run({
                call: () => answer(api.PATCH("/api/chats/{id}", { ...at, body: { paused: !c.paused } })),
                touches,
              })
            }
          >
            {say(c.paused ? "chats.resume" : "chats.pause")}
          </DeedButton>
          <Button
            size="compact-sm"
            variant="default"
            loading={busy}
            aria-label={say("chats.remove.label", { name: c.name })}
            onClick={() =>
              void run({
                call: () => answer(api.DELETE("/api/chats/{id}", at)),
                said: say("chats.removed"),
                touches,
              })
            }
          >
            {say("chats.remove")}
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}
