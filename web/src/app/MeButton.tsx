import { UnstyledButton } from "@mantine/core";
import { type ComponentProps, lazy } from "react";
import { useMe } from "@/api/session";
import { say } from "@/lib/words";
import { Face } from "@/ui/Face";
import { LazyMenu } from "@/ui/LazyMenu";
import styles from "./MeButton.module.css";

const read = () => import("./MeMenu");
const MeMenu = lazy(() => read().then((m) => ({ default: m.MeMenu })));

/** Who I am and whether I am here; opens what concerns me. */
export function Me() {
  return (
    <LazyMenu button={<MeButton />} read={read}>
      <MeMenu />
    </LazyMenu>
  );
}

export function MeButton(props: ComponentProps<"button">) {
  const me = useMe();
  return (
    <UnstyledButton {...props} className={styles["me"]}>
      <span className={styles["face"]}>
        <Face name={me.name} size={28} />
        <span className={styles["presence"]} data-presence={me.presence} />
      </span>
      <span className={styles["text"]}>
        <bdi className={styles["name"]}>{me.name}</bdi>
        <span className={styles["state"]}>{say(`app.presence.${me.presence}`)}</span>
      </span>
    </UnstyledButton>
  );
}
