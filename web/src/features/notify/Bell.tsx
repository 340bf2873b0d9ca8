import { ActionIcon } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Bell as Glyph } from "lucide-react";
import { type ComponentProps, lazy } from "react";
import { say } from "@/lib/words";
import { LazyMenu } from "@/ui/LazyMenu";
import styles from "./Notify.module.css";
import { unreadQuery } from "./queries";

const read = () => import("./BellSheet");
const BellSheet = lazy(() => read().then((m) => ({ default: m.BellSheet })));

/** How many are not read, as it stands on the bell: nothing for none. */
export function useUnread(): string {
  const n = useQuery(unreadQuery).data?.unread ?? 0;
  return n > 99 ? "99+" : n > 0 ? String(n) : "";
}

/** The bell: how many are not read, and on a click what they are. */
export function Bell() {
  return (
    <LazyMenu button={<BellButton />} read={read} opens="dialog">
      <BellSheet />
    </LazyMenu>
  );
}

export function BellButton(props: ComponentProps<"button">) {
  const unread = useUnread();
  return (
    <ActionIcon
      size={32}
      aria-label={unread ? say("bell.open", { n: unread }) : say("bell.none")}
      {...props}
      className={styles["bell"] ?? ""}
    >
      <Glyph size={17} aria-hidden />
      {unread && (
        <span className={styles["count"]} aria-hidden>
          {unread}
        </span>
      )}
    </ActionIcon>
  );
}
