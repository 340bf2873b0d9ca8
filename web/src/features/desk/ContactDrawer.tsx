import { Drawer } from "@mantine/core";
import type { Conversation } from "@/api/types";
import { say } from "@/lib/words";
import { ContactPanel } from "./ContactPanel";
import "./words";

/** The contact over the conversation, where there is no room beside it. */
export function ContactDrawer({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  return (
    <Drawer opened onClose={onClose} position="right" size="sm" title={say("contact.title")}>
      <ContactPanel conversation={conversation} />
    </Drawer>
  );
}
