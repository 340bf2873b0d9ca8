import { ActionIcon } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { PanelLeft } from "lucide-react";
import { createContext, use } from "react";
import { say } from "@/lib/words";

/** What the shell lets the pages do with it. */
export const Frame = createContext<{ openMenu: () => void }>({ openMenu: () => undefined });

/** List and conversation side by side. */
export function useSplit(): boolean {
  return useMediaQuery("(min-width: 760px)", true, { getInitialValueInEffect: false });
}

/** Room for the navigation at the left for good. */
export function useRoomy(): boolean {
  return useMediaQuery("(min-width: 1100px)", true, { getInitialValueInEffect: false });
}

/** Room for the contact beside the conversation too. */
export function useSpacious(): boolean {
  return useMediaQuery("(min-width: 1340px)", true, { getInitialValueInEffect: false });
}

/** Opens the navigation where it is not always there. */
export function MenuButton() {
  const { openMenu } = use(Frame);
  const roomy = useRoomy();
  const split = useSplit();
  // On a phone it stands in the bar below.
  return roomy || !split ? null : (
    <ActionIcon size={36} aria-label={say("app.menu")} onClick={openMenu}>
      <PanelLeft size={18} aria-hidden />
    </ActionIcon>
  );
}
