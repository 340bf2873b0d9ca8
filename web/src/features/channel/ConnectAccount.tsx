import { Alert, Anchor, Button, Group, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { type FormEvent, useState } from "react";
import { answer, api } from "@/api/client";
import { channelsQuery } from "@/api/queries";
import type { About, Account, Profile } from "@/api/types";
import { say } from "@/lib/words";
import { Async } from "@/ui/Async";
import { ChannelGlyph } from "@/ui/ChannelGlyph";
import { fieldErrors } from "@/ui/form";
import { useDo } from "@/ui/useDo";
import styles from "./Accounts.module.css";
import { type Answers, emptyAnswers, SettingFields, unanswered } from "./SettingFields";

interface Props {
  onConnected: (account: Account) => void;
  /** A visit to the far side comes back to the set-up. */
  setup?: boolean;
}

/** Connecting: which channel, its questions, is it the right one, done. Used by the set-up too. */
export function ConnectAccount({ onConnected, setup = false }: Props) {
  const query = useQuery(channelsQuery);
  const [about, setAbout] = useState<About>();
  if (about) {
    return (
      <Stack gap="sm">
        <Anchor component="button" type="button" size="sm" ta="left" onClick={() => setAbout(undefined)}>
          {say("connect.back")}
        </Anchor>
        <Questions key={about.name} about={about} setup={setup} onConnected={onConnected} />
      </Stack>
    );
  }
  return (
    <>
      <Text mb="sm">{say("connect.pick")}</Text>
      <Async of={query}>
        {(channels) => (
          <ul className={styles["channels"]}>
            {channels.map((c) => (
              <li key={c.name}>
                <UnstyledButton className={styles["channel"]} onClick={() => setAbout(c)}>
                  <span className={styles["glyph"]}>
                    <ChannelGlyph channel={c.name} size={18} />
                  </span>
                  <span className={styles["main"]}>
                    <span className={styles["name"]}>{c.title}</span>
                    <span className={styles["sub"]}>{c.summary}</span>
                  </span>
                </UnstyledButton>
              </li>
            ))}
          </ul>
        )}
      </Async>
    </>
  );
}

function Questions({ about, onConnected, setup }: Props & { about: About }) {
  const { busy, run } = useDo();
  const [answers, setAnswers] = useState<Answers>(() => emptyAnswers(about.settings));
  const [name, setName] = useState("");
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [profile, setProfile] = useState<Profile>();

  const change = (next: Answers) => {
    setAnswers(next);
    setProfile(undefined);
  };
  const failed = (error: unknown) => setErrors(fieldErrors(error, "settings.") as Record<string, string>);
  // Who has a token by hand needs no visit to the far side, and perhaps can't make one.
  const away =
    about.oauth && !about.settings?.some((s) => s.kind === "secret" && String(answers[s.name] ?? "").trim() !== "");
  const body = { channel: about.name, name: name.trim() || profile?.name || about.title, settings: answers };

  function submit(event: FormEvent) {
    event.preventDefault();
    const missing = unanswered(about.settings, answers, false);
    setErrors(missing);
    if (Object.keys(missing).length > 0) {
      return;
    }
    if (away) {
      void run({
        call: () => answer(api.POST("/api/accounts/connect", { body: { ...body, ...(setup ? { setup } : {}) } })),
        then: ({ address }) => leave(address),
        failed,
      });
    } else if (profile) {
      void run({
        call: () => answer(api.POST("/api/accounts", { body })),
        said: (a) => (a.can.includes("test") ? say("connect.done.test") : say("connect.done")),
        then: onConnected,
        touches: [["accounts"]],
        failed,
      });
    } else {
      const { channel, settings } = body;
      void run({
        call: () => answer(api.POST("/api/accounts/check", { body: { channel, settings } })),
        then: setProfile,
        failed,
      });
    }
  }

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <Group gap="sm">
          <span className={styles["glyph"]}>
            <ChannelGlyph channel={about.name} size={18} />
          </span>
          <Text fw={600}>{about.title}</Text>
        </Group>
        {about.help && (
          <div className={styles["help"]}>
            {about.help.split("\n").map((line) => (
              <p key={line}>{line}</p>
            ))}
          </div>
        )}
        <TextInput
          label={say("connect.name")}
          description={say("connect.name.help")}
          placeholder={say("connect.name.placeholder")}
          value={name}
          onChange={(e) => setName(e.currentTarget.value)}
        />
        <SettingFields settings={about.settings} answers={answers} errors={errors} onChange={change} />
        {profile && (
          <Alert
            color="green"
            icon={<CircleCheck size={18} aria-hidden />}
            title={say("connect.found", { handle: profile.handle })}
            role="status"
          >
            {profile.note}
          </Alert>
        )}
        {away && (
          <Text size="sm" c="dimmed">
            {say("connect.oauth", { channel: about.title })}
          </Text>
        )}
        <Group>
          <Button type="submit" loading={busy}>
            {away
              ? say("connect.go", { channel: about.title })
              : profile
                ? say("connect.do", { handle: profile.handle })
                : say("connect.check")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** To the far side, which sends the browser back. Only web addresses are followed. */
function leave(address: string) {
  const to = new URL(address, location.href);
  if (to.protocol === "https:" || to.protocol === "http:") {
    location.assign(to.href);
  }
}
