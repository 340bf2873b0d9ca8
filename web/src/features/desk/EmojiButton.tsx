import { ActionIcon, Popover, Text, Tooltip } from "@mantine/core";
import { Smile } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { say } from "@/lib/words";

// Read when it is first opened: the pictures' names alone are larger than everything else here.
const EmojiChoice = lazy(() => import("./EmojiChoice").then((m) => ({ default: m.EmojiChoice })));

/** Opens the choice of emoji; what is picked goes where the cursor stands. */
export function EmojiButton({ onPick }: { onPick: (emoji: string) => void }) {
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} position="top-start" trapFocus returnFocus={false} withinPortal>
      <Popover.Target>
        <Tooltip label={say("composer.emoji")} disabled={open}>
          <ActionIcon aria-label={say("composer.emoji")} aria-expanded={open} onClick={() => setOpen(!open)}>
            <Smile size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label={say("composer.emoji")}>
        {open && (
          <Suspense
            fallback={
              <Text size="sm" p="sm">
                {say("composer.emoji.loading")}
              </Text>
            }
          >
            <EmojiChoice
              onPick={(emoji) => {
                setOpen(false);
                onPick(emoji);
              }}
            />
          </Suspense>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
