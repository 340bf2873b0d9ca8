/** The service worker, as the page sees it. */

/**
 * Starts it, once; `first` is called when it begins to see what the page reads, so that the page reads it again and it
 * is kept, and `go` when somebody clicks on what was pushed. Returns how to stop listening.
 */
export function startWorker(first: () => void, go: (path: string) => void): () => void {
  if (!("serviceWorker" in navigator) || !import.meta.env.PROD) {
    return () => undefined;
  }
  const container = navigator.serviceWorker;
  let controlled = container.controller !== null;
  const taken = () => {
    if (!controlled) {
      controlled = true;
      first();
    }
  };
  const said = (event: MessageEvent) => {
    const path = (event.data as { go?: unknown } | null)?.go;
    if (typeof path === "string" && /^\/(?!\/)/.test(path)) {
      go(path);
    }
  };
  container.addEventListener("controllerchange", taken);
  container.addEventListener("message", said);
  // A page that cannot have one works all the same, with a connection.
  container.register("/sw.js").catch(() => undefined);
  return () => {
    container.removeEventListener("controllerchange", taken);
    container.removeEventListener("message", said);
  };
}

/** Forgets what was read and kept in this browser. */
export async function forgetRead(): Promise<void> {
  if (typeof caches === "undefined") {
    return;
  }
  navigator.serviceWorker?.controller?.postMessage("forget");
  const names = await caches.keys();
  await Promise.all(names.filter((n) => n.startsWith("read-")).map((n) => caches.delete(n)));
}
