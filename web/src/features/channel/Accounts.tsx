import { Alert } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleAlert, Plug } from "lucide-react";
import { accountsQuery } from "@/api/queries";
import { useMay } from "@/api/session";
import type { Account } from "@/api/types";
import { useNow } from "@/lib/now";
import { ago } from "@/lib/time";
import { say } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { Async, Empty } from "@/ui/Async";
import { ChannelGlyph } from "@/ui/ChannelGlyph";
import { Chip } from "@/ui/Chip";
import { Page } from "@/ui/Page";
import styles from "./Accounts.module.css";
import { AccountState } from "./AccountState";

/** Every connected identity, and how it is. */
export function Accounts({ problem }: { problem?: string | undefined }) {
  const may = useMay("accounts.manage");
  const query = useQuery(accountsQuery);
  const connect = may && (
    <DeedButton
      deed="connect"
      hotkey="n"
      leftSection={<Plug size={16} aria-hidden />}
      renderRoot={(props) => <Link to="/accounts/new" {...props} />}
    >
      {say("accounts.connect")}
    </DeedButton>
  );
  return (
    <Page title={say("accounts.title")} summary={say("accounts.summary")} deeds={connect}>
      {problem && (
        <Alert color="red" mb="md" icon={<CircleAlert size={18} aria-hidden />}>
          {say("accounts.problem", { problem })}
        </Alert>
      )}
      <Async of={query} isEmpty={() => false}>
        {(accounts) =>
          accounts.length === 0 ? (
            <Empty icon={<Plug size={26} strokeWidth={1.4} />} deed={connect}>
              {say("accounts.empty")}
            </Empty>
          ) : (
            <ul className={styles["list"]}>
              {accounts.map((a) => (
                <AccountRow key={a.id} account={a} />
              ))}
            </ul>
          )
        }
      </Async>
    </Page>
  );
}

function AccountRow({ account: a }: { account: Account }) {
  const now = useNow();
  const { health: h } = a;
  const ill = h.trouble ?? h.mute;
  return (
    <li>
      <Link to="/accounts/$account" params={{ account: a.id }} className={styles["row"]}>
        <span className={styles["glyph"]}>
          <ChannelGlyph channel={a.channel} size={18} />
        </span>
        <span className={styles["main"]}>
          <bdi className={styles["name"]}>{a.name}</bdi>
          <bdi className={styles["sub"]}>{a.handle}</bdi>
        </span>
        <span className={styles["facts"]}>
          {h.unknown > 0 && <Chip tone="urgent">{say("account.unknown", { n: h.unknown })}</Chip>}
          {h.setAside > 0 && <Chip tone="warn">{say("account.setAside", { n: h.setAside })}</Chip>}
          {h.queued > 0 && <Chip>{say("account.queued", { n: h.queued })}</Chip>}
        </span>
        <span className={styles["side"]}>
          <AccountState account={a} />
          <span className={styles["sub"]}>
            {h.lastSeen ? say("account.lastSeen", { when: ago(h.lastSeen, now) }) : say("account.neverSeen")}
          </span>
        </span>
      </Link>
      {ill && <p className={styles["trouble"]}>{ill.message}</p>}
    </li>
  );
}
