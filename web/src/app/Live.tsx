import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, use, useEffect, useRef, useState } from "react";
import { sessionQuery } from "@/api/queries";
import { gather, listen, touched } from "@/lib/live";

interface Live {
  /** lost: the feed is down though the network seems there. */
  connection: "live" | "lost" | "offline";
  /** The server is of another version than the page. */
  outdated: boolean;
}

const LiveContext = createContext<Live>({ connection: "live", outdated: false });

export function useLive(): Live {
  return use(LiveContext);
}

/** Short breaks are nobody's business: only after this long is a lost feed shown, in milliseconds. */
const patience = 4000;

/** Listens to the live feed and has read again what changed, and only that. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [lost, setLost] = useState(false);
  const online = useOnline();

  useEffect(() => {
    // Keeps what the page knows in step with the server.
    let timer: ReturnType<typeof setTimeout> | undefined;
    let wasLost = false;
    const gathered = gather((keys) => keys.forEach((queryKey) => void queries.invalidateQueries({ queryKey })));
    const stop = listen({
      entry: (entry) => gathered.add(touched(entry)),
      murmur: (keys) => gathered.add(keys),
      // Not everybody at the same moment: a restart sends "reload" to all.
      reload: () => setTimeout(() => void queries.invalidateQueries(), Math.random() * 1500),
      session: () => void queries.invalidateQueries({ queryKey: ["session"] }),
      state: (connected) => {
        clearTimeout(timer);
        if (connected) {
          setLost(false);
          if (wasLost) {
            wasLost = false;
            void queries.invalidateQueries({ queryKey: ["session"] });
          }
        } else {
          wasLost = true;
          timer = setTimeout(() => setLost(true), patience);
        }
      },
    });
    return () => {
      clearTimeout(timer);
      gathered.stop();
      stop();
    };
  }, [queries]);

  const outdated = useOutdated();
  return (
    <LiveContext value={{ connection: !online ? "offline" : lost ? "lost" : "live", outdated }}>{children}</LiveContext>
  );
}

function useOnline(): boolean {
  const [online, setOnline] = useState(() => navigator.onLine);
  useEffect(() => {
    // Keeps in step with what the browser says of the network.
    const on = () => setOnline(true);
    const off = () => setOnline(false);
    window.addEventListener("online", on);
    window.addEventListener("offline", off);
    return () => {
      window.removeEventListener("online", on);
      window.removeEventListener("offline", off);
    };
  }, []);
  return online;
}

function useOutdated(): boolean {
  const version = useQuery(sessionQuery).data?.version;
  const first = useRef(version);
  first.current ??= version;
  return version !== undefined && version !== first.current;
}
