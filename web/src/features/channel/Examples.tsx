import { Button, Group, Modal, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plug, Users } from "lucide-react";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { accountsQuery, channelsQuery } from "@/api/queries";
import { useMay } from "@/api/session";
import { learn, say } from "@/lib/words";
import { channelWords } from "@/lib/words/channel";
import { useDo } from "@/ui/useDo";

learn(channelWords);

/** In a house that listens nowhere yet: connect an account, or look around with customers who do not exist. */
export function FirstAccount() {
  const may = useMay("accounts.manage");
  const accounts = useQuery({ ...accountsQuery, enabled: may });
  const example = useQuery({ ...channelsQuery, enabled: may }).data?.find((c) => c.example);
  const { busy, run } = useDo();
  if (!may || accounts.data?.length !== 0) {
    return null;
  }
  const begin = (channel: string, title: string, languages: string[]) =>
    run({
      call: () =>
        answer(api.POST("/api/accounts", { body: { channel, name: title, settings: { language: ours(languages) } } })),
      said: say("examples.begun"),
      touches: [["accounts"], ["session"], ["conversations"], ["counts"]],
    });
  const languages = example?.settings?.find((s) => s.name === "language")?.choices ?? [];
  return (
    <Group justify="center" gap="xs" mt="md">
      <Button
        leftSection={<Plug size={16} aria-hidden />}
        renderRoot={(props) => <Link to="/accounts/new" {...props} />}
      >
        {say("accounts.connect")}
      </Button>
      {example && (
        <Button
          variant="default"
          leftSection={<Users size={16} aria-hidden />}
          loading={busy}
          onClick={() => void begin(example.name, example.title, languages)}
        >
          {say("examples.begin")}
        </Button>
      )}
    </Group>
  );
}

/** The language of the list that the browser speaks, by the name it calls itself; else the first. */
function ours(languages: string[]): string {
  const mine = new Intl.DisplayNames([navigator.language], { type: "language" }).of(navigator.language.split("-")[0]!);
  return languages.find((l) => l.toLowerCase() === mine?.toLowerCase()) ?? languages[0] ?? "";
}

/** Says that some customers do not exist, and takes them away, after asking. */
export function ExamplesNotice({ account }: { account: string }) {
  const [asking, setAsking] = useState(false);
  const { busy, run } = useDo();
  const close = () => setAsking(false);
  return (
    <>
      <Text span fz="inherit" flex="1 1 220px">
        {say("examples.banner")}
      </Text>
      <Button size="compact-sm" variant="default" onClick={() => setAsking(true)}>
        {say("examples.remove")}
      </Button>
      <Modal opened={asking} onClose={close} title={say("examples.remove.title")}>
        <Text mb="md">{say("examples.remove.sure")}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {say("do.cancel")}
          </Button>
          <Button
            data-autofocus
            color="red"
            loading={busy}
            onClick={() =>
              void run({
                call: () => answer(api.DELETE("/api/accounts/{id}", { params: { path: { id: account } } })),
                said: say("examples.removed"),
                then: close,
                touches: [[]],
              })
            }
          >
            {say("examples.remove")}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
