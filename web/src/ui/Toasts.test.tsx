import { MantineProvider } from "@mantine/core";
import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { tell } from "./toast";
import { Toasts } from "./Toasts";
import { addToast, currentToasts } from "./toasts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const deed = { name: "Undo", run: () => undefined };
const add = (text: string, undo = false) =>
  addToast({ tone: "plain", text, deed: undo ? deed : undefined, stays: 8000 });
const said = () => currentToasts().map((t) => t.text);

describe("what is said in passing", () => {
  it.each([
    ["neither can be undone is said once", [["Saved."], ["Saved."]], ["Saved."]],
    [
      "both can be undone",
      [
        ["Closed.", true],
        ["Closed.", true],
      ],
      ["Closed.", "Closed."],
    ],
    ["the first can be undone", [["Closed.", true], ["Closed."]], ["Closed.", "Closed."]],
    ["the second can be undone", [["Closed."], ["Closed.", true]], ["Closed.", "Closed."]],
  ] as [string, [string, boolean?][], string[]][])("twice in the same words: %s", (_, all, stand) => {
    all.forEach(([text, undo]) => add(text, undo));
    expect(said()).toEqual(stand);
  });

  it("gives way, the oldest first, before what can be undone does; the newest never", () => {
    let seed = 7;
    const chance = () => (seed = (seed * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;
    for (let k = 0; k < 300; k++) {
      const before = currentToasts();
      const undo = chance() < 0.5;
      const id = add(`${k}`, undo);
      const now = currentToasts();
      expect(now.at(-1)?.id).toBe(id);
      expect(now.length).toBe(Math.min(3, before.length + 1));
      const gone = before.find((t) => !now.includes(t));
      const least = before.find((t) => !t.deed) ?? before[0];
      expect(gone).toBe(before.length === 3 ? least : undefined);
    }
  });

  it("stays while somebody stands on it or points at it, and goes by itself after that", () => {
    render(
      <MantineProvider>
        <Toasts />
      </MantineProvider>,
    );
    const pass = (ms: number) => act(() => void vi.advanceTimersByTime(ms));
    const undone = vi.fn();
    act(() => void tell("Closed.", { undo: undone }));
    const undo = screen.getByRole("button", { name: "Undo" });
    act(() => undo.focus());
    pass(60_000);
    fireEvent.pointerEnter(screen.getByText("Closed.").parentElement!);
    act(() => undo.blur());
    pass(60_000);
    act(() => undo.focus());
    fireEvent.pointerLeave(screen.getByText("Closed.").parentElement!);
    pass(60_000);
    expect(undo).toBeInTheDocument();
    act(() => undo.blur());
    pass(7_000);
    expect(undo).toBeInTheDocument();
    pass(2_000);
    expect(undo).not.toBeInTheDocument();
    expect(undone).not.toHaveBeenCalled();
  });
});
