import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import type { Promised } from "@/api/types";
import { promiseWords } from "@/lib/words/promise";
import { learn, say } from "@/lib/words";
import owed from "./Owed.module.css";
import { PromiseHead } from "./Promises";
import { usePromiseDeeds } from "./usePromiseDeeds";
import styles from "./Promises.module.css";

learn({ ...promiseWords });

const PromiseDialogue = lazy(() => import("./PromiseDialogue").then((m) => ({ default: m.PromiseDialogue })));

interface Props {
  promises: Promised[];
  conversation: string | undefined;
}

/** What a message on its way promises: whoever lets it out must have seen by when, and can say another time first. */
export function UnsaidPromises({ promises, conversation }: Props) {
  return promises.length === 0 ? null : (
    <ul className={owed["list"]} aria-label={say("promise.unsaid.title")}>
      {promises.map((p) => (
        <li key={p.id} className={owed["one"]}>
          <PromiseHead promise={p} />
          <p className={styles["text"]}>
            <bdi>{p.text}</bdi>
          </p>
          {p.can.includes("change") && <Change promise={p} conversation={conversation} />}
        </li>
      ))}
    </ul>
  );
}

function Change({ promise: p, conversation }: { promise: Promised; conversation: string | undefined }) {
  const [open, setOpen] = useState(false);
  const { busy, run } = usePromiseDeeds(p, conversation, () => setOpen(false));
  return (
    <>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={() => setOpen(true)}>
        {say("promise.unsaid.change")}
      </Button>
      <Suspense>
        {open && (
          <PromiseDialogue
            title={say("promise.change.title")}
            help={say("promise.unsaid.help")}
            from={{ text: p.text, due: p.due, department: p.department, person: p.person }}
            save={say("promise.change.do")}
            busy={busy}
            onSave={(to) => void run("change", to)}
            onClose={() => setOpen(false)}
          />
        )}
      </Suspense>
    </>
  );
}
