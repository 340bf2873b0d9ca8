import { Outlet, useRouterState } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useState } from "react";
import { useSession } from "@/api/session";
import { useActions } from "@/lib/actions";
import { say } from "@/lib/words";
import { Frame, useRoomy, useSplit } from "@/ui/Frame";
import { GiveBack } from "@/ui/GiveBack";
import { Zone } from "@/ui/Zone";
import { Banners } from "./Banners";
import { useGoDeeds } from "./goto";
import { LiveProvider } from "./Live";
import { Navigation } from "./Navigation";
import { pageDeeds } from "./pageKeys";
import styles from "./Shell.module.css";
import { SignedOut } from "./SignedOut";
import { TabBar } from "./TabBar";
import { useOffline } from "./useOffline";

// Read when first wanted.
const Palette = lazy(() => import("./Palette").then((m) => ({ default: m.Palette })));
const KeyHelp = lazy(() => import("./KeyHelp").then((m) => ({ default: m.KeyHelp })));
const Tour = lazy(() => import("./Tour").then((m) => ({ default: m.Tour })));
const MenuDrawer = lazy(() => import("./MenuDrawer").then((m) => ({ default: m.MenuDrawer })));

/** Around every screen behind the sign-in: the navigation, the banners, the palette, the live feed. */
export function Shell() {
  const { person } = useSession();
  return person ? (
    <Zone value={person.zone || "UTC"}>
      <LiveProvider>
        <Inside />
      </LiveProvider>
    </Zone>
  ) : (
    <SignedOut />
  );
}

function Inside() {
  useOffline();
  const roomy = useRoomy();
  const split = useSplit();
  const [menu, setMenu] = useState(false);
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const [tour, setTour] = useState(false);
  const address = useRouterState({ select: (s) => s.location.href });
  const inConversation = useRouterState({ select: (s) => /^\/inbox\/[^/]+\/./.test(s.location.pathname) });
  useEffect(() => {
    // Going somewhere closes the menu that led there.
    setMenu(false);
  }, [address]);

  const frame = useMemo(() => ({ openMenu: () => setMenu(true) }), []);
  const go = useGoDeeds();
  const known = useMemo(
    () => [
      {
        id: "palette",
        name: say("palette.open"),
        key: "mod+k",
        run: () => setPalette(true),
        whileTyping: true,
        hidden: true,
      },
      { id: "tour", name: say("app.tour"), run: () => setTour(true) },
      { id: "help", name: say("nav.help"), key: "?", run: () => setHelp(true) },
      ...pageDeeds,
      ...go,
    ],
    [go],
  );
  useActions(known);

  const navigation = <Navigation onPalette={() => setPalette(true)} onHelp={() => setHelp(true)} />;
  return (
    <Frame value={frame}>
      <a href="#content" className={styles["skip"]}>
        {say("app.skip")}
      </a>
      <div className={styles["shell"]} data-roomy={roomy || undefined}>
        {roomy ? (
          <div className={styles["side"]}>{navigation}</div>
        ) : (
          <Over open={menu}>
            <MenuDrawer onClose={() => setMenu(false)}>{navigation}</MenuDrawer>
          </Over>
        )}
        <div className={styles["main"]}>
          <Banners onTour={split || !inConversation ? () => setTour(true) : undefined} />
          <main id="content" className={styles["content"]} tabIndex={-1}>
            <Outlet />
          </main>
          {!split && !inConversation && <TabBar onMenu={() => setMenu(true)} />}
        </div>
      </div>
      <Over open={palette}>
        <Palette onClose={() => setPalette(false)} />
      </Over>
      <Over open={help}>
        <KeyHelp onClose={() => setHelp(false)} />
      </Over>
      <Over open={tour}>
        <Tour onClose={() => setTour(false)} />
      </Over>
    </Frame>
  );
}

/** What stands over the page while it is open: read when first wanted, and the focus goes back when it has gone. */
function Over({ open, children }: { open: boolean; children: ReactNode }) {
  return open ? (
    <GiveBack>
      <Suspense>{children}</Suspense>
    </GiveBack>
  ) : null;
}
