import { CloseButton } from "@mantine/core";
import { Users } from "lucide-react";
import { useState } from "react";
import type { Conversation } from "@/api/types";
import { say } from "@/lib/words";
import styles from "./Conversation.module.css";

/** Says that the contact became another's while the conversation is open: two were merged, or one was split. What was typed stays. */
export function ContactChanged({ conversation: c }: { conversation: Conversation }) {
  const at = { conversation: c.id, contact: c.contact.id, name: c.contact.name };
  const [seen, setSeen] = useState<typeof at & { former?: string }>(at);
  if (seen.conversation !== c.id) {
    setSeen(at);
  } else if (seen.contact !== c.contact.id) {
    setSeen({ ...at, former: seen.name });
  }
  if (!seen.former || seen.conversation !== c.id) {
    return <div role="status" />;
  }
  return (
    <div role="status" className={styles["changed"]}>
      <Users size={14} aria-hidden />
      <span>
        {say(seen.former === c.contact.name ? "contact.changed.same" : "contact.changed", {
          was: seen.former,
          is: c.contact.name,
        })}
      </span>
      <CloseButton size="sm" aria-label={say("do.close")} onClick={() => setSeen(at)} />
    </div>
  );
}
