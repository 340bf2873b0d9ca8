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

export function addToast(toast: Omit<Toast, "id">): string {
  const id = `toast-${++made}`;
  set([...toasts.filter((t) => t.text !== toast.text), { ...toast, id }].slice(-most));
  return id;
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
