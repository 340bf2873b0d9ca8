import { describe, expect, it, vi } from "vitest";
import { type Action, type Deed, deeds, keyboard } from "./actions";

const deed = (id: string, key: string, more: Partial<Deed> = {}): Deed & { run: ReturnType<typeof vi.fn> } =>
  ({ id, name: id, key, run: vi.fn(), ...more }) as Deed & { run: ReturnType<typeof vi.fn> };

function press(known: Deed[], keys: (string | KeyboardEventInit)[], target: Element = document.body, covered = false) {
  const listen = keyboard(
    () => known,
    () => covered,
  );
  for (const key of keys) {
    const event = new KeyboardEvent("keydown", {
      bubbles: true,
      cancelable: true,
      ...(typeof key === "string" ? { key } : key),
    });
    Object.defineProperty(event, "target", { value: target });
    listen(event);
  }
}

describe("the keyboard", () => {
  it("runs what has the key", () => {
    const reply = deed("reply", "r");
    press([reply], ["r"]);
    expect(reply.run).toHaveBeenCalledOnce();
  });
  it("runs the innermost of two with the same key", () => {
    const inner = deed("wake", "z");
    const outer = deed("snooze", "z");
    press([inner, outer], ["z"]);
    expect(inner.run).toHaveBeenCalledOnce();
    expect(outer.run).not.toHaveBeenCalled();
  });
  it("understands one key after another", () => {
    const go = deed("go", "g m");
    press([go, deed("mute", "m")], ["g", "m"]);
    expect(go.run).toHaveBeenCalledOnce();
  });
  it("leaves typing alone, but for what works there too", () => {
    const reply = deed("reply", "r");
    const palette = deed("palette", "mod+k", { whileTyping: true });
    press([reply, palette], ["r", { key: "k", ctrlKey: true }], document.createElement("textarea"));
    expect(reply.run).not.toHaveBeenCalled();
    expect(palette.run).toHaveBeenCalledOnce();
  });
  it("knows a bracket that needs Alt Gr, and a letter where letters are not Latin", () => {
    const before = deed("before", "[");
    const next = deed("next", "j");
    const capital = deed("capital", "J");
    const palette = deed("palette", "mod+k");
    press(
      [before, next, capital, palette],
      [
        { key: "[", code: "Digit8", altKey: true, ctrlKey: true, modifierAltGraph: true },
        { key: "о", code: "KeyJ" },
        { key: "О", code: "KeyJ", shiftKey: true },
        { key: "л", code: "KeyK", ctrlKey: true },
        { key: "j", code: "KeyJ", altKey: true },
        { key: "ö", code: "KeyJ" },
      ],
    );
    for (const d of [before, next, capital, palette]) {
      expect(d.run, d.id).toHaveBeenCalledOnce();
    }
  });
  it("leaves a word alone that is being put together", () => {
    const save = deed("save", "Enter", { whileTyping: true });
    press(
      [save],
      [
        { key: "Enter", isComposing: true },
        { key: "Enter", keyCode: 229 },
      ],
    );
    expect(save.run).not.toHaveBeenCalled();
  });
  it("does a thing once however long its key is held, but for moving", () => {
    const close = deed("close", "e");
    const next = deed("next", "j", { repeats: true });
    const held = (key: string) => [key, { key, repeat: true }, { key, repeat: true }];
    press([close, next], [...held("e"), ...held("j")]);
    expect(close.run).toHaveBeenCalledOnce();
    expect(next.run).toHaveBeenCalledTimes(3);
  });
  it("leaves a dialogue alone", () => {
    const close = deed("close", "e");
    press([close], ["e"], document.body, true);
    expect(close.run).not.toHaveBeenCalled();
  });
  it("does to a row only what has the focus in it, and nothing where nothing is", () => {
    const rows = [1, 2].map(() => document.body.appendChild(document.createElement("li")));
    const button = rows[1]!.appendChild(document.createElement("button"));
    const [first, second] = rows.map((row) => deed("revoke", "x", { row: () => row }));
    const absent = deed("search", "/", { there: () => false });
    press([first!, second!, absent], ["x", "/"]);
    expect(second!.run).not.toHaveBeenCalled();
    button.focus();
    press([first!, second!, absent], ["x", "/"]);
    expect([first!, second!, absent].map((d) => d.run.mock.calls.length)).toEqual([0, 1, 0]);
    rows.forEach((row) => row.remove());
  });
  it("does not take the browser's own shortcuts", () => {
    const reload = deed("reply", "r");
    press([reload], [{ key: "r", ctrlKey: true }]);
    expect(reload.run).not.toHaveBeenCalled();
  });
});

it("offers only what can be done", () => {
  const close: Action<{ can: string[] }> = {
    id: "close",
    name: () => "Close",
    can: (r) => r.can.includes("close"),
    run: vi.fn(),
  };
  expect(deeds([close], { can: [] }, undefined)).toEqual([]);
  expect(deeds([close], { can: ["close"] }, undefined).map((d) => d.name)).toEqual(["Close"]);
});
