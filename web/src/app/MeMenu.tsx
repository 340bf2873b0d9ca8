import { Menu, useMantineColorScheme } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { BellRing, CirclePause, CirclePlay, LogOut, UserRound } from "lucide-react";
import { useMe, useSession } from "@/api/session";
import type { Presence } from "@/api/types";
import { useWaiting } from "@/lib/outbox";
import { say } from "@/lib/words";
import { useOpenedAtOnce } from "@/ui/LazyMenu";
import { MeButton } from "./MeButton";
import { signOut, themes, useSetPresence } from "./mine";
import { useStop } from "./stop";

/** Who I am, whether I am here, how the screen looks, the stop button, the way out. */
export function MeMenu() {
  const me = useMe();
  const session = useSession();
  const setPresence = useSetPresence();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const stop = useStop();
  const waiting = useWaiting(me.id).length;
  const { target, menu } = useOpenedAtOnce();

  return (
    <Menu position="top-start" width={230} {...menu}>
      <Menu.Target>
        <MeButton ref={target} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup value={me.presence} onChange={(p) => void setPresence(p as Presence)}>
          <Menu.RadioItem value="here">{say("app.presence.here")}</Menu.RadioItem>
          <Menu.RadioItem value="away">{say("app.presence.away")}</Menu.RadioItem>
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>{say("app.theme")}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(s) => setColorScheme(s as typeof colorScheme)}>
          {themes.map((s) => (
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
        <Menu.Item
          leftSection={<BellRing size={15} aria-hidden />}
          renderRoot={(props) => <Link to="/me/notifications" {...props} />}
        >
          {say("bell.settings")}
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
        <Menu.Item leftSection={<LogOut size={15} aria-hidden />} onClick={() => void signOut(me.id, waiting)}>
          {say("app.signOut")}
        </Menu.Item>
        <Menu.Label>{say("app.version", { version: session.version })}</Menu.Label>
      </Menu.Dropdown>
    </Menu>
  );
}
