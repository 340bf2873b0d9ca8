import { say } from "@/lib/words";
import styles from "./Setup.module.css";

export function Progress({ at, of }: { at: number; of: number }) {
  return (
    <div className={styles["progress"]} role="img" aria-label={say("setup.step", { at: at + 1, of })}>
      {Array.from({ length: of }, (_, i) => (
        <span key={i} data-done={i <= at || undefined} />
      ))}
    </div>
  );
}
