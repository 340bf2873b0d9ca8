import "@/ui/forms";
import { channelWords } from "@/lib/words/channel";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { AccountPage } from "@/features/channel/AccountPage";
import { Accounts } from "@/features/channel/Accounts";
import { ConnectAccount } from "@/features/channel/ConnectAccount";
import { learn, say } from "@/lib/words";
import { Page } from "@/ui/Page";

learn({ ...channelWords });

export function AccountsRoute() {
  return <Accounts problem={useSearch({ from: "/inside/accounts" }).problem} />;
}

export function AccountRoute() {
  return <AccountPage id={useParams({ from: "/inside/accounts/$account" }).account} />;
}

export function ConnectRoute() {
  const navigate = useNavigate();
  return (
    <Page narrow title={say("connect.title")}>
      <ConnectAccount onConnected={(a) => void navigate({ to: "/accounts/$account", params: { account: a.id } })} />
    </Page>
  );
}
