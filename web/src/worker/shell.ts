/** The page itself: its files are named by what is in them, so what is kept never grows old. */
declare const self: ServiceWorkerGlobalScope & {
  /** Put there by the build: the files of the page, and a name that changes with them. */
  shell?: { version: string; files: string[] };
};

const prefix = "shell-";

function name(): string {
  return prefix + (self.shell?.version ?? "none");
}

/** Fetches every file of this version before it may take over. */
export async function keepShell(): Promise<void> {
  const cache = await caches.open(name());
  await cache.addAll(["/", ...(self.shell?.files ?? [])].map((f) => new Request(f, { cache: "no-cache" })));
}

/** Drops the files of other versions. A page that is still open and wants one of them reads itself again (main.tsx). */
export async function tidyShell(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((n) => n.startsWith(prefix) && n !== name()).map((n) => caches.delete(n)));
}

/** A page: from the server, which knows the newest; without one, the kept one, which is the same for every address. */
export async function fetchPage(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await (await caches.open(name())).match("/");
    if (kept) {
      return kept;
    }
    throw error;
  }
}

/** A file of the page: the kept one, else the server's. */
export async function fetchShell(request: Request): Promise<Response> {
  const kept = await (await caches.open(name())).match(request, { ignoreVary: true });
  return kept ?? fetch(request);
}
