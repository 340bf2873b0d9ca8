import "@/ui/forms";
import { setupWords } from "@/lib/words/setup";
import { staffWords } from "@/lib/words/staff";
import { channelWords } from "@/lib/words/channel";
import { Stack } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { ConnectAccount } from "@/features/channel/ConnectAccount";
import { SendTest } from "@/features/channel/SendTest";
import { Wizard } from "@/features/setup/Wizard";
import { InviteForm } from "@/features/staff/InviteDialogue";
import { learn, say } from "@/lib/words";
import { CopyField } from "@/ui/CopyField";
import { takeToken } from "../token";

learn({ ...setupWords, ...staffWords, ...channelWords });

/** The set-up, put together from what the features give. */
export function SetupPage() {
  const [token] = useState(takeToken);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { account, problem } = useSearch({ from: "/setup" });
  return (
    <Wizard
      token={token}
      back={account || problem ? { account, problem } : undefined}
      onIn={(session) => queries.setQueryData(["session"], session)}
      onDone={() => void navigate({ to: "/" })}
      invite={(onMade) => <Invite onMade={onMade} />}
      connect={(onConnected) => <ConnectAccount setup onConnected={onConnected} />}
      test={(account) => <SendTest account={account} />}
    />
  );
}

function Invite({ onMade }: { onMade: (name: string) => void }) {
  const [links, setLinks] = useState<{ name: string; link: string }[]>([]);
  return (
    <Stack gap="md">
      {links.map((l) => (
        <CopyField key={l.link} label={`${l.name}: ${say("invite.link")}`} value={l.link} />
      ))}
      <InviteForm
        onMade={({ name, invitation }) => {
          setLinks([...links, { name, link: invitation.link }]);
          onMade(name);
        }}
      />
    </Stack>
  );
}
