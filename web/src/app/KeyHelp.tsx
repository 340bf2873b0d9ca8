import { Modal } from "@mantine/core";
import { type Deed, useKnownDeeds } from "@/lib/actions";
import { say } from "@/lib/words";
import { Keys } from "@/ui/Keys";
import styles from "./KeyHelp.module.css";

/** Every key there is at this moment, from the same actions that the keys run. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} size="lg" title={say("help.title")}>
      <List />
    </Modal>
  );
}

function List() {
  const known = useKnownDeeds()().filter((d) => d.key);
  return (
    <div className={styles["columns"]}>
      <Group title={say("help.now")} deeds={known.filter((d) => d.group !== "go" && !d.row)} />
      <Group title={say("help.rows")} deeds={known.filter((d) => d.row)} />
      <Group title={say("palette.go")} deeds={known.filter((d) => d.group === "go")} />
    </div>
  );
}

function Group({ title, deeds }: { title: string; deeds: Deed[] }) {
  return deeds.length === 0 ? null : (
    <section aria-label={title}>
      <h3 className={styles["title"]}>{title}</h3>
      <dl className={styles["list"]}>
        {deeds.map((d) => (
          <div key={d.id} className={styles["line"]}>
            <dt>{d.name}</dt>
            <dd>
              <Keys of={d.key!} />
              <span className="sr">{d.key}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
