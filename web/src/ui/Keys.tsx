import { caps } from "@/lib/actions";
import styles from "./Keys.module.css";

/** A key, or keys, as on the key caps. */
export function Keys({ of }: { of: string }) {
  return (
    <span className={styles["keys"]} data-keys={of} aria-hidden>
      {caps(of).map((cap, i) => (
        <kbd key={i}>{cap}</kbd>
      ))}
    </span>
  );
}
