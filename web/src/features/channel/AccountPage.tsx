import { Alert, Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { CircleAlert, CirclePause, CirclePlay } from "lucide-react";
import { answer, api } from "@/api/client";
import { accountQuery } from "@/api/queries";
import type { Account } from "@/api/types";
import { useNow } from "@/lib/now";
import { ago, exact } from "@/lib/time";
import { say } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { Async } from "@/ui/Async";
import { ChannelGlyph } from "@/ui/ChannelGlyph";
import { CopyField } from "@/ui/CopyField";
import { Page, Section } from "@/ui/Page";
import { useDo } from "@/ui/useDo";
import { useZone } from "@/ui/Zone";
import styles from "./Accounts.module.css";
import { AccountState } from "./AccountState";
import { Arrivals } from "./Arrivals";
import { Connection } from "./Connection";
import { HealthTiles } from "./HealthTiles";
import { Rights } from "./Rights";
import { SendTest } from "./SendTest";

/** One account: how it is, what went wrong and when it is tried again, who may speak for it. */
export function AccountPage({ id }: { id: string }) {
  return <Async of={useQuery(accountQuery(id))}>{(account) => <Loaded key={account.id} account={account} />}</Async>;
}

function Loaded({ account: a }: { account: Account }) {
  const manages = a.can.includes("manage");
  return (
    <Page
      before={
        <span className={styles["glyph"]}>
          <ChannelGlyph channel={a.channel} size={18} />
        </span>
      }
      title={a.name}
      summary={
        <Group gap="sm">
          <bdi>{a.handle}</bdi>
          <AccountState account={a} />
        </Group>
      }
      deeds={<Deeds account={a} />}
    >
      <Trouble account={a} />
      <Lost account={a} />
      <Section title={say("health.title")}>
        <HealthTiles health={a.health} />
      </Section>
      {a.can.includes("test") && (
        <Section title={say("test.title")}>
          <SendTest account={a} />
        </Section>
      )}
      {a.webhook && (
        <Section title={say("health.webhook")} help={say("health.webhook.help")}>
          <CopyField quiet label={say("health.webhook")} value={a.webhook} />
        </Section>
      )}
      <Arrivals account={a} />
      {manages && <Rights account={a} />}
      {manages && <Connection account={a} />}
    </Page>
  );
}

function Trouble({ account: a }: { account: Account }) {
  const now = useNow();
  const zone = useZone();
  const { trouble, mute } = a.health;
  return [
    { key: "trouble", trouble },
    { key: "mute", trouble: mute?.message === trouble?.message ? undefined : mute },
  ].map(
    ({ key, trouble }) =>
      trouble && (
        <Alert
          key={key}
          color={a.state === "reconnect" ? "red" : "yellow"}
          variant="light"
          icon={<CircleAlert size={18} aria-hidden />}
          title={trouble.message}
          className={styles["alert"] ?? ""}
        >
          {key === "mute" && `${say("health.mute")} `}
          {say("health.trouble", { since: exact(trouble.since, zone), incident: trouble.incident })}{" "}
          {trouble.nextTry && `${say("health.nextTry")}: ${ago(trouble.nextTry, now)}.`}
        </Alert>
      ),
  );
}

/** What can't be had any more, until somebody has seen it. */
function Lost({ account: a }: { account: Account }) {
  const { busy, run } = useDo();
  const zone = useZone();
  if (!a.health.lostSince) {
    return null;
  }
  return (
    <Alert
      color="yellow"
      variant="light"
      icon={<CircleAlert size={18} aria-hidden />}
      title={say("health.lost", { since: exact(a.health.lostSince, zone) })}
      className={styles["alert"] ?? ""}
    >
      <p>{say("health.lost.help")}</p>
      {a.can.includes("manage") && (
        <Button
          variant="default"
          size="xs"
          loading={busy}
          onClick={() =>
            run({
              call: () => answer(api.POST("/api/accounts/{id}/lost/seen", { params: { path: { id: a.id } } })),
              touches: [["accounts"]],
            })
          }
        >
          {say("health.lost.seen")}
        </Button>
      )}
    </Alert>
  );
}

function Deeds({ account: a }: { account: Account }) {
  const check = useDo();
  const stop = useDo();
  const at = { params: { path: { id: a.id } } };
  const touches = [["accounts"], ["session"]];
  const resume = () =>
    stop.run({
      call: () => answer(api.POST("/api/accounts/{id}/resume", at)),
      said: say("health.resume.done"),
      touches,
    });
  return (
    <>
      {a.can.includes("manage") && (
        <>
          <DeedButton
            deed="account-check"
            hotkey="c"
            variant="default"
            loading={check.busy}
            onClick={() =>
              check.run({
                call: () => answer(api.POST("/api/accounts/{id}/check", at)),
                said: (now) => say("health.checked.done", { state: say(`account.state.${now.state}`).toLowerCase() }),
                touches,
              })
            }
          >
            {say("health.check")}
          </DeedButton>
        </>
      )}
      {a.can.includes("stop") &&
        (a.paused ? (
          // Without a key: what waited leaves at once.
          <Button leftSection={<CirclePlay size={16} aria-hidden />} loading={stop.busy} onClick={resume}>
            {say("health.resume")}
          </Button>
        ) : (
          <DeedButton
            deed="account-stop"
            hotkey="p"
            color="red"
            variant="light"
            leftSection={<CirclePause size={16} aria-hidden />}
            loading={stop.busy}
            onClick={() =>
              stop.run({
                call: () => answer(api.POST("/api/accounts/{id}/stop", at)),
                said: (out) => say("health.stop.done", { n: out.held }),
                undo: () => void resume(),
                touches,
              })
            }
          >
            {say("health.stop")}
          </DeedButton>
        ))}
    </>
  );
}
