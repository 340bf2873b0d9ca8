import { stretches } from "@/lib/text";
import styles from "./Prose.module.css";

/** What somebody wrote, as text: links can be opened, nothing else is understood. */
export function Prose({ text, lang }: { text: string; lang?: string | undefined }) {
  return (
    <div className={styles["prose"]} dir="auto" lang={lang}>
      {stretches(text).map((s, i) =>
        s.href ? (
          <a key={i} href={s.href} dir="ltr" target="_blank" rel="noopener noreferrer nofollow">
            {s.text}
          </a>
        ) : (
          <span key={i}>{s.text}</span>
        ),
      )}
    </div>
  );
}
