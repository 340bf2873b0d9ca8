/** What is being said in passing. Apart from how it looks, so that anything may say something. */
export interface Toast {
  id: string;
  tone: "plain" | "bad";
  text: string;
  deed?: { name: string; run: () => unknown } | undefined;
  /** Milliseconds that it stays. */
  stays: number;
}

let toasts: Toast[] = [];
let made = 0;
const listeners = new Set<() => void>();
const most = 3;

function set(next: Toast[]) {
  toasts = next;
  listeners.forEach((l) => l());
}

/**
 * Adds one. What says the same as another takes its place, unless one of them has a deed: two deeds of the same kind have each their own
 * way back.
 */
export function addToast(toast: Omit<Toast, "id">): string {
  const id = `toast-${++made}`;
  const others = toasts.filter((t) => t.text !== toast.text || t.deed || toast.deed);
  set([...fewer(others, most - 1), { ...toast, id }]);
  return id;
}

/** The newest few, those with a deed first: what is only said can go sooner than a way back. */
function fewer(list: Toast[], n: number): Toast[] {
  const least = [...list.filter((t) => !t.deed), ...list.filter((t) => t.deed)];
  const gone = least.slice(0, Math.max(0, list.length - n));
  return list.filter((t) => !gone.includes(t));
}

export function dropToast(id: string): void {
  set(toasts.filter((t) => t.id !== id));
}

export function clearToasts(): void {
  set([]);
}

export function subscribeToasts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function currentToasts(): Toast[] {
  return toasts;
}
