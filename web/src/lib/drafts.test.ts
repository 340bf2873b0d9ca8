import { afterEach, expect, it, vi } from "vitest";
import { dirtyDrafts, forgetDrafts, keepDraft, keptDraft, settleDraft, sweepDrafts, sweepEmptied } from "./drafts";

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

it("goes on when the browser keeps nothing", () => {
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new Error("quota");
  });
  keepDraft("sue:c3:reply", "still here");
  expect(keptDraft("sue:c3:reply")).toBe("still here");
});
