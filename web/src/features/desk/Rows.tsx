import type { Row } from "@/api/types";
import { InboxRow } from "./InboxRow";
import styles from "./SearchPage.module.css";

/** Some conversations in a page that is not the inbox. */
export function Rows({ rows, label }: { rows: Row[]; label: string }) {
  return (
    <ul className={styles["people"]} aria-label={label}>
      {rows.map((row) => (
        <li key={row.id}>
          <InboxRow row={row} selected={false} mixed />
        </li>
      ))}
    </ul>
  );
}
