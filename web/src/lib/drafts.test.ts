import { afterEach, expect, it, vi } from "vitest";
import {
  amendDraft,
  dirtyDrafts,
  forgetDrafts,
  keepDraft,
  keptDraft,
  keptWhole,
  putBack,
  settleDraft,
  sweepDrafts,
  sweepEmptied,
  typedSince,
} from "./drafts";

afterEach(() => {
  localStorage.clear();
  vi.restoreAllMocks();
});

it("keeps a draft by its name, beyond the page", () => {
  keepDraft("sue:c1:reply", "Dear Rowan");
  expect(localStorage.getItem("draft:sue:c1:reply")).toContain("Dear Rowan");
  expect(keptDraft("sue:c1:reply")).toBe("Dear Rowan");
  expect(keptDraft("bob:c1:reply")).toBe("");
});

it("forgets a draft that was emptied", () => {
  keepDraft("sue:c2:reply", "x");
  keepDraft("sue:c2:reply", " ");
  expect(keptDraft("sue:c2:reply").trim()).toBe("");
  settleDraft("sue:c2:reply", { text: "", at: 0 }); // the server was told
  expect(localStorage.getItem("draft:sue:c2:reply")).toBeNull();
});

it("still has to tell that a draft was emptied when the page went at once", () => {
  keepDraft("sue:c4:reply", "x");
  settleDraft("sue:c4:reply", { text: "x", at: 1 });
  keepDraft("sue:c4:reply", "");
  forgetDrafts();
  expect(dirtyDrafts()).toContain("sue:c4:reply");
  expect(keptDraft("sue:c4:reply")).toBe("");
  sweepEmptied(); // she signs out
  expect(localStorage.getItem("draft:sue:c4:reply")).toBeNull();
});

it("sweeps what nobody came back to within a month", () => {
  keepDraft("old", "x", 0);
  keepDraft("new", "y", Date.now());
  sweepDrafts();
  expect(localStorage.getItem("draft:old")).toBeNull();
  expect(localStorage.getItem("draft:new")).not.toBeNull();
});

it.each([
  ["both were for some of the same", "Then this.", ["ann", "cleo"], "m1", "First this.\n\nThen this.", ["ann"]],
  ["what was typed since is for nobody else", "Then this.", [], "m1", "First this.\n\nThen this.", []],
  ["what was typed since answers something later", "Then this.", ["ann"], "m2", "First this.\n\nThen this.", []],
  ["nothing was typed since", "", ["cleo"], "m1", "First this.", ["ann", "ben"]],
  ["the same words stand there", "First this.", ["cleo"], "m1", "First this.", ["ann", "ben"]],
])("puts back what was sent so that nobody reads what was not meant for them: %s", (_, typed, cc, ccFor, text, to) => {
  settleDraft("sue:c5:reply", { text: typed, at: 1, cc, ccFor });
  putBack("sue:c5:reply", { text: "First this.", cc: ["ann", "ben"], ccFor: "m1" });
  expect(keptWhole("sue:c5:reply")).toMatchObject({ text, cc: to, ccFor: "m1" });
});

it.each([
  ["nothing was", "On its way. ", "On its way.", ""],
  ["more was, behind it", "On its way. Until Friday.", "On its way.", "Until Friday."],
  ["more was, in the same word", " On its ways", "On its way", "s"],
  ["it was taken out", "", "On its way.", ""],
  ["it was changed", "On the way. Until Friday.", "On its way.", "On the way. Until Friday."],
  ["only files were sent", "Until Friday.", "", "Until Friday."],
])("knows what was typed since words were sent: %s", (_, now, sent, since) => {
  keepDraft("sue:c7:reply", now);
  expect(typedSince("sue:c7:reply", sent)).toBe(since);
});

it("puts back what was for nobody else as that, whoever was chosen since", () => {
  amendDraft("sue:c6:reply", { cc: ["ann"], ccFor: "m1" });
  putBack("sue:c6:reply", { text: "Only you.", cc: [] });
  expect(keptWhole("sue:c6:reply").cc).toEqual([]);
});

it("goes on when the browser keeps nothing", () => {
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new Error("quota");
  });
  keepDraft("sue:c3:reply", "still here");
  expect(keptDraft("sue:c3:reply")).toBe("still here");
});
