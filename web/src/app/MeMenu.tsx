import { Menu, useMantineColorScheme } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { BellRing, CirclePause, CirclePlay, LogOut, UserRound } from "lucide-react";
import { answer, api } from "@/api/client";
import { useMe, useSession } from "@/api/session";
import type { Presence, Session } from "@/api/types";
import { sweepEmptied } from "@/lib/drafts";
import { leaving } from "@/lib/leaving";
import { emptyOutbox, useWaiting } from "@/lib/outbox";
import { unsubscribe } from "@/lib/push";
import { forgetRead } from "@/lib/worker";
import { say } from "@/lib/words";
import { useOpenedAtOnce } from "@/ui/LazyMenu";
import { complain } from "@/ui/toast";
import { addToast } from "@/ui/toasts";
import { MeButton } from "./MeButton";
import { useStop } from "./stop";

/** Who I am, whether I am here, how the screen looks, the stop button, the way out. */
export function MeMenu() {
  const me = useMe();
  const session = useSession();
  const queries = useQueryClient();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const stop = useStop();
  const waiting = useWaiting(me.id).length;
  const { target, menu } = useOpenedAtOnce();

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
        <Menu.Item leftSection={<LogOut size={15} aria-hidden />} onClick={() => void signOut(waiting)}>
          {say("app.signOut")}
        </Menu.Item>
        <Menu.Label>{say("app.version", { version: session.version })}</Menu.Label>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Out, and nothing read or written stays in the browser. What is not sent yet is not lost without a word. */
async function signOut(waiting: number, anyway = false) {
  if (waiting > 0 && !anyway) {
    return addToast({
      tone: "bad",
      text: say("offline.signOut", { n: waiting }),
      deed: { name: say("offline.signOut.anyway"), run: () => void signOut(waiting, true) },
      stays: 10_000,
    });
  }
  try {
    await unsubscribe().catch(() => undefined); // the server forgets this browser by itself
    leaving.now = true;
    await answer(api.DELETE("/api/session"));
    await Promise.all([forgetRead(), emptyOutbox()]);
    sweepEmptied();
    location.assign("/signin");
  } catch (error) {
    leaving.now = false;
    complain(error);
  }
}
