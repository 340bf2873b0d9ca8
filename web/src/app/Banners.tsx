import { Button } from "@mantine/core";
import { CirclePause, CloudOff, Compass, RefreshCw, Users } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useSession } from "@/api/session";
import { useWaiting } from "@/lib/outbox";
import { say } from "@/lib/words";
import styles from "./Banners.module.css";
import { useLive } from "./Live";
import { useStop } from "./stop";

// Read by who has such customers.
const ExamplesNotice = lazy(() => import("@/features/channel/Examples").then((m) => ({ default: m.ExamplesNotice })));

/** What everybody must know at once: stopped, offline, a new version. */
export function Banners({ onTour }: { onTour: (() => void) | undefined }) {
  const session = useSession();
  const { connection, outdated } = useLive();
  const { resume } = useStop();
  const waiting = useWaiting(session.person?.id ?? "").length;
  return (
    <div role="status">
      {session.stopped && (
        <div className={styles["banner"]} data-tone="urgent">
          <CirclePause size={16} aria-hidden />
          <span className={styles["text"]}>{say("app.stopped")}</span>
          {session.person?.can.includes("stop") && (
            <Button size="compact-sm" variant="default" onClick={resume}>
              {say("app.resume")}
            </Button>
          )}
        </div>
      )}
      {session.examples && (
        <div className={styles["banner"]}>
          <Users size={16} aria-hidden />
          <Suspense>
            <ExamplesNotice account={session.examples} />
          </Suspense>
        </div>
      )}
      {onTour && <TourOffer onTour={onTour} />}
      {connection === "offline" && (
        <div className={styles["banner"]} data-tone="warn">
          <CloudOff size={16} aria-hidden />
          <span className={styles["text"]}>
            {waiting > 0 ? say("offline.banner", { n: waiting }) : say("app.offline")}
          </span>
        </div>
      )}
      {connection === "lost" && (
        <div className={styles["banner"]} data-tone="warn">
          <RefreshCw size={16} aria-hidden />
          <span className={styles["text"]}>{say("app.liveLost")}</span>
        </div>
      )}
      {outdated && (
        <div className={styles["banner"]}>
          <RefreshCw size={16} aria-hidden />
          <span className={styles["text"]}>{say("app.newVersion")}</span>
          <Button size="compact-sm" variant="default" onClick={() => location.reload()}>
            {say("app.crash.reload")}
          </Button>
        </div>
      )}
    </div>
  );
}

const offered = "switchboard.tour";

/** In the demonstration, once on each device: a way to be shown around. */
function TourOffer({ onTour }: { onTour: () => void }) {
  const { organisation } = useSession();
  const [seen, setSeen] = useState(() => localStorage.getItem(offered) !== null);
  if (!organisation.demo || seen) {
    return null;
  }
  const done = () => {
    localStorage.setItem(offered, "seen");
    setSeen(true);
  };
  return (
    <div className={styles["banner"]}>
      <Compass size={16} aria-hidden />
      <span className={styles["text"]}>{say("app.tour.offer")}</span>
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => {
          done();
          onTour();
        }}
      >
        {say("app.tour")}
      </Button>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={done}>
        {say("app.tour.later")}
      </Button>
    </div>
  );
}
