import { Button, Group, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { NotificationSettings, PushDevice } from "@/api/types";
import { Problem } from "@/lib/http";
import { browserName, hashOf, pushState, subscribe, subscription, unsubscribe } from "@/lib/push";
import { useNow } from "@/lib/now";
import { ago } from "@/lib/time";
import { say } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { Card, Section } from "@/ui/Page";
import { useDo } from "@/ui/useDo";

const touches = [["notifications", "settings"], ["push-here"]];

/** Push on this device, asked for only on a click, and the other browsers that are told. */
export function PushHere({ settings }: { settings: NotificationSettings }) {
  const state = pushState();
  const here = useQuery({
    queryKey: ["push-here"],
    queryFn: async () => {
      const s = await subscription();
      return s ? hashOf(s.endpoint) : "";
    },
  }).data;
  const own = settings.devices.find((d) => d.hash === here);
  const others = settings.devices.filter((d) => d !== own);
  return (
    <Section title={say("push.title")} help={say("push.help")}>
      {state === "able" ? (
        <ThisBrowser own={own} pushKey={settings.pushKey} />
      ) : (
        <Text size="sm">{say(`push.${state}`)}</Text>
      )}
      {others.length > 0 && (
        <Stack gap="xs" mt="md">
          <Text size="sm" fw={600}>
            {say("push.others")}
          </Text>
          {others.map((d) => (
            <OtherBrowser key={d.id} device={d} />
          ))}
        </Stack>
      )}
    </Section>
  );
}

function ThisBrowser({ own, pushKey }: { own: PushDevice | undefined; pushKey: string }) {
  const { busy, run } = useDo();
  const queries = useQueryClient();
  const turnOn = async () => {
    const made = await subscribe(pushKey).catch(() => {
      throw new Problem(0, say("push.failed"));
    });
    if (!made) {
      throw new Problem(0, say("push.denied"));
    }
    return answer(api.POST("/api/devices", { body: { ...made, name: browserName() } }));
  };
  const turnOff = async (d: PushDevice) => {
    await unsubscribe();
    await answer(api.DELETE("/api/devices/{id}", { params: { path: { id: d.id } } }));
  };
  if (!own) {
    return (
      <DeedButton
        deed="push-here"
        hotkey="p"
        variant="default"
        loading={busy}
        onClick={() => void run({ call: turnOn, said: say("push.on.done"), touches })}
      >
        {say("push.on")}
      </DeedButton>
    );
  }
  return (
    <Group gap="xs">
      <DeedButton
        deed="push-try"
        hotkey="t"
        variant="default"
        loading={busy}
        onClick={() =>
          void run({
            call: () => answer(api.POST("/api/devices/{id}/try", { params: { path: { id: own.id } } })),
            said: say("push.try.done"),
            failed: () => void queries.invalidateQueries({ queryKey: ["notifications", "settings"] }),
          })
        }
      >
        {say("push.try")}
      </DeedButton>
      <DeedButton
        deed="push-here"
        hotkey="p"
        variant="default"
        loading={busy}
        onClick={() => void run({ call: () => turnOff(own), said: say("push.off.done"), touches })}
      >
        {say("push.off")}
      </DeedButton>
    </Group>
  );
}

function OtherBrowser({ device: d }: { device: PushDevice }) {
  const { busy, run } = useDo();
  const now = useNow();
  return (
    <Card>
      <Group gap="sm">
        <Text fw={600} flex="1 1 140px">
          <bdi>{d.name}</bdi>
        </Text>
        <Text size="xs" c="dimmed">
          {say("push.since", { when: ago(d.createdAt, now) })}
        </Text>
        <Button
          size="compact-sm"
          variant="default"
          loading={busy}
          aria-label={say("push.remove.label", { name: d.name })}
          onClick={() =>
            void run({
              call: () => answer(api.DELETE("/api/devices/{id}", { params: { path: { id: d.id } } })),
              touches,
            })
          }
        >
          {say("push.remove")}
        </Button>
      </Group>
    </Card>
  );
}
