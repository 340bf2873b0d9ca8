import { Menu } from "@mantine/core";
import type { Habits } from "@/api/writing";
import { say } from "@/lib/words";
import { undoChoices } from "./reply";
import "./words";

/** How long what one sends can be taken back; part of a menu. */
export function UndoChoices({ undo, onUndo }: { undo: Habits["undo"]; onUndo: (undo: Habits["undo"]) => void }) {
  return (
    <>
      <Menu.Label>{say("composer.undoTime")}</Menu.Label>
      <Menu.RadioGroup
        value={String(undo)}
        onChange={(chosen) => onUndo(undoChoices.find((n) => String(n) === chosen) ?? undo)}
      >
        {undoChoices.map((n) => (
          <Menu.RadioItem key={n} value={String(n)}>
            {n === 0 ? say("composer.undo.none") : say("composer.undo.seconds", { n })}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
    </>
  );
}
