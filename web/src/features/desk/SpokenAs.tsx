import type { OutgoingDelivery } from "@/api/types";
import { ChannelGlyph } from "@/ui/ChannelGlyph";
import styles from "./Outgoing.module.css";

/** Who says a post. */
export function SpokenAs({ account }: { account: OutgoingDelivery["account"] }) {
  return (
    <span className={styles["as"]}>
      <ChannelGlyph channel={account.channel} /> <bdi>{account.handle}</bdi>
    </span>
  );
}
