import { useMantineColorScheme } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { useMe, useSession } from "@/api/session";
import type { Presence, Session } from "@/api/types";
import type { Deed } from "@/lib/actions";
import { sweepEmptied } from "@/lib/drafts";
import { leaving } from "@/lib/leaving";
import { emptyOutbox, useWaiting } from "@/lib/outbox";
import { unsubscribe } from "@/lib/push";
import { forgetRead } from "@/lib/worker";
import { say } from "@/lib/words";
import { complain } from "@/ui/toast";
import { addToast } from "@/ui/toasts";
import { useStop } from "./stop";

export const themes = ["auto", "light", "dark"] as const;

/** Says whether I am here. */
export function useSetPresence() {
  const queries = useQueryClient();
  return async (presence: Presence) => {
    queries.setQueryData<Session>(["session"], (old) => old?.person && { ...old, person: { ...old.person, presence } });
    try {
      await answer(api.PUT("/api/session/presence", { body: { presence } }));
    } catch (error) {
      complain(error);
      void queries.invalidateQueries({ queryKey: ["session"] });
    }
  };
}

/** What is in my menu, for the palette: seldom done, so it has no keys of its own. */
export function useMyDeeds(): Deed[] {
  const me = useMe();
  const { stopped } = useSession();
  const stop = useStop();
  const { setColorScheme } = useMantineColorScheme();
  const setPresence = useSetPresence();
  const waiting = useWaiting(me.id).length;
  return [
    ...(me.can.includes("stop")
      ? [
          stopped
            ? { id: "resume", name: say("app.resume"), run: stop.resume }
            : { id: "stop", name: say("app.stop"), run: stop.stop },
        ]
      : []),
    ...(["here", "away"] as const)
      .filter((p) => p !== me.presence)
      .map((p) => ({
        id: `presence-${p}`,
        name: say("palette.presence", { presence: say(`app.presence.${p}`) }),
        run: () => setPresence(p),
      })),
    ...themes.map((t) => ({
      id: `theme-${t}`,
      name: say("palette.theme", { theme: say(`app.theme.${t}`) }),
      run: () => setColorScheme(t),
    })),
    { id: "sign-out", name: say("app.signOut"), run: () => signOut(me.id, waiting) },
  ];
}

/** Out, and nothing read or written stays in the browser. What is not sent yet is not lost without a word. */
export async function signOut(person: string, waiting: number, anyway = false) {
  if (waiting > 0 && !anyway) {
    return addToast({
      tone: "bad",
      text: say("offline.signOut", { n: waiting }),
      deed: { name: say("offline.signOut.anyway"), run: () => void signOut(person, waiting, true) },
      stays: 10_000,
    });
  }
  try {
    await unsubscribe().catch(() => undefined); // the server forgets this browser by itself
    leaving.now = true;
    await answer(api.DELETE("/api/session"));
    await Promise.all([forgetRead(), emptyOutbox(person)]);
    sweepEmptied();
    location.assign("/signin");
  } catch (error) {
    leaving.now = false;
    complain(error);
  }
}
