import { CloseButton } from "@mantine/core";
import { useEffect, useState, useSyncExternalStore } from "react";
import { say } from "@/lib/words";
import styles from "./Toasts.module.css";
import { currentToasts, dropToast, subscribeToasts, type Toast } from "./toasts";

/** Where things are said in passing: read out politely, gone by themselves, and never while one points at them or stands on them. */
export function Toasts() {
  const toasts = useSyncExternalStore(subscribeToasts, currentToasts);
  return (
    <section className={styles["toasts"]} aria-label={say("app.said")} aria-live="polite">
      {toasts.map((t) => (
        <Said key={t.id} toast={t} />
      ))}
    </section>
  );
}

function Said({ toast: t }: { toast: Toast }) {
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const held = pointed || focused;
  useEffect(() => {
    // Keeps it only as long as it is wanted.
    if (held) {
      return undefined;
    }
    const timer = setTimeout(() => dropToast(t.id), t.stays);
    return () => clearTimeout(timer);
  }, [t.id, t.stays, held]);
  return (
    <div
      className={styles["toast"]}
      data-tone={t.tone}
      role={t.tone === "bad" ? "alert" : undefined}
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
    >
      <span className={styles["text"]}>{t.text}</span>
      {t.deed && (
        <button
          type="button"
          className={styles["deed"]}
          onClick={() => {
            dropToast(t.id);
            t.deed?.run();
          }}
        >
          {t.deed.name}
        </button>
      )}
      <CloseButton
        size="sm"
        c="inherit"
        variant="transparent"
        aria-label={say("do.close")}
        onClick={() => dropToast(t.id)}
      />
    </div>
  );
}
