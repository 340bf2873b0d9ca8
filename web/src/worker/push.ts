/** What is pushed, shown; and the way from there to what it is about. */
declare const self: ServiceWorkerGlobalScope;

interface Shown {
  title?: string;
  body?: string;
  path?: string;
  tag?: string;
  at?: number;
}

/** Shows what was pushed. A push must be shown, whatever is in it. */
export async function pushed(data: PushMessageData | null): Promise<void> {
  let s: Shown = {};
  try {
    s = (data?.json() ?? {}) as Shown;
  } catch {
    // Not ours: shown all the same, without its words.
  }
  await self.registration.showNotification(s.title ?? "Switchboard", {
    body: s.body ?? "",
    icon: "/icon-192.png",
    badge: "/badge-96.png",
    data: { path: s.path ?? "/notifications" },
    ...(s.tag ? { tag: s.tag } : {}),
  });
}

/** Leads to what it is about: in a window that is open, else in a new one. */
export async function clicked(notification: Notification): Promise<void> {
  notification.close();
  const { path } = notification.data as { path: string };
  const to = /^\/(?!\/)/.test(path) ? path : "/notifications";
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = windows.find((w) => w.visibilityState === "visible") ?? windows[0];
  if (open) {
    open.postMessage({ go: to });
    await open.focus();
  } else {
    await self.clients.openWindow(to);
  }
}

/** The push service gave the browser another address: the server is told. */
export async function renewed(event: Event): Promise<void> {
  const { oldSubscription } = event as Event & { oldSubscription?: PushSubscription };
  const key = oldSubscription?.options.applicationServerKey;
  if (!key) {
    return;
  }
  const made = await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { keys } = made.toJSON();
  await fetch("/api/devices", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ endpoint: made.endpoint, p256dh: keys?.["p256dh"], auth: keys?.["auth"], name: "Browser" }),
  });
}
