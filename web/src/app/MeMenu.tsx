import { Menu, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CirclePause, CirclePlay, LogOut, UserRound } from "lucide-react";
import { answer, api } from "@/api/client";
import { useMe, useSession } from "@/api/session";
import type { Presence, Session } from "@/api/types";
import { say } from "@/lib/words";
import { Face } from "@/ui/Face";
import { complain } from "@/ui/toast";
import styles from "./MeMenu.module.css";
import { useStop } from "./stop";

/** Who I am, whether I am here, how the screen looks, the stop button, the way out. */
export function MeMenu() {
  const me = useMe();
  const session = useSession();
  const queries = useQueryClient();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const stop = useStop();

  async function setPresence(presence: Presence) {
    queries.setQueryData<Session>(["session"], (old) => old?.person && { ...old, person: { ...old.person, presence } });
    try {
      await answer(api.PUT("/api/session/presence", { body: { presence } }));
    } catch (error) {
      complain(error);
      void queries.invalidateQueries({ queryKey: ["session"] });
    }
  }

  return (
    <Menu position="top-start" width={230}>
      <Menu.Target>
        <UnstyledButton className={styles["me"]}>
          <span className={styles["face"]}>
            <Face name={me.name} size={28} />
            <span className={styles["presence"]} data-presence={me.presence} />
          </span>
          <span className={styles["text"]}>
            <bdi className={styles["name"]}>{me.name}</bdi>
            <span className={styles["state"]}>{say(`app.presence.${me.presence}`)}</span>
          </span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup value={me.presence} onChange={(p) => void setPresence(p as Presence)}>
          <Menu.RadioItem value="here">{say("app.presence.here")}</Menu.RadioItem>
          <Menu.RadioItem value="away">{say("app.presence.away")}</Menu.RadioItem>
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>{say("app.theme")}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(s) => setColorScheme(s as typeof colorScheme)}>
          {(["auto", "light", "dark"] as const).map((s) => (
            <Menu.RadioItem key={s} value={s}>
              {say(`app.theme.${s}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item
          leftSection={<UserRound size={15} aria-hidden />}
          renderRoot={(props) => <Link to="/me" {...props} />}
        >
          {say("nav.me")}
        </Menu.Item>
        {me.can.includes("stop") && !session.stopped && (
          <Menu.Item color="red" leftSection={<CirclePause size={15} aria-hidden />} onClick={stop.stop}>
            {say("app.stop")}
          </Menu.Item>
        )}
        {me.can.includes("stop") && session.stopped && (
          <Menu.Item leftSection={<CirclePlay size={15} aria-hidden />} onClick={stop.resume}>
            {say("app.resume")}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<LogOut size={15} aria-hidden />} onClick={() => void signOut()}>
          {say("app.signOut")}
        </Menu.Item>
        <Menu.Label>{say("app.version", { version: session.version })}</Menu.Label>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Out, and nothing read stays in the page. */
async function signOut() {
  try {
    await answer(api.DELETE("/api/session"));
    location.assign("/signin");
  } catch (error) {
    complain(error);
  }
}
