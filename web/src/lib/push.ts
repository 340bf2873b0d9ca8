/** Push in this browser: asking it, and being told of it. */

/** Whether this browser can be told, and if not, why. */
export function pushState(): "able" | "unable" | "insecure" | "denied" {
  if (!globalThis.isSecureContext) {
    return "insecure";
  }
  if (!("serviceWorker" in navigator) || !("PushManager" in globalThis) || !("Notification" in globalThis)) {
    return "unable";
  }
  return Notification.permission === "denied" ? "denied" : "able";
}

/** What a push service gave the browser to be reached by. */
export interface Subscribed {
  endpoint: string;
  p256dh: string;
  auth: string;
}

/** The present subscription of this browser. */
export async function subscription(): Promise<PushSubscription | undefined> {
  if (pushState() !== "able") {
    return undefined;
  }
  const registration = await navigator.serviceWorker.getRegistration();
  return (await registration?.pushManager.getSubscription()) ?? undefined;
}

/** Asks the browser, and the person if they were not asked before; undefined when they say no. */
export async function subscribe(key: string): Promise<Subscribed | undefined> {
  if ((await Notification.requestPermission()) !== "granted") {
    return undefined;
  }
  const registration = await navigator.serviceWorker.ready;
  const was = await registration.pushManager.getSubscription();
  await was?.unsubscribe(); // of another house, or another key
  const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { keys } = made.toJSON();
  return { endpoint: made.endpoint, p256dh: keys?.["p256dh"] ?? "", auth: keys?.["auth"] ?? "" };
}

/** Ends push in this browser, whatever the server knows. */
export async function unsubscribe(): Promise<void> {
  await (await subscription())?.unsubscribe();
}

/** How the server names an address: SHA-256, in hex. */
export async function hashOf(endpoint: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint));
  return Array.from(new Uint8Array(hash), (b) => b.toString(16).padStart(2, "0")).join("");
}

/** What this browser is called in a list: "Firefox on Android". */
export function browserName(agent = navigator.userAgent): string {
  const browser = /Edg\//.test(agent)
    ? "Edge"
    : /Firefox\//.test(agent)
      ? "Firefox"
      : /Chrome\//.test(agent)
        ? "Chrome"
        : /Safari\//.test(agent)
          ? "Safari"
          : "Browser";
  const system = /Android/.test(agent)
    ? "Android"
    : /iPhone|iPad/.test(agent)
      ? "iOS"
      : /Windows/.test(agent)
        ? "Windows"
        : /Mac OS/.test(agent)
          ? "macOS"
          : "Linux";
  return `${browser} on ${system}`;
}
