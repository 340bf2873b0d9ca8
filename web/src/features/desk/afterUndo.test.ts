import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { afterUndo, calledOff } from "./afterUndo";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("waits until the answer can't be taken back", () => {
  const run = vi.fn();
  afterUndo("d1", 10, run);
  vi.advanceTimersByTime(9_900);
  expect(run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(200);
  expect(run).toHaveBeenCalledOnce();
  expect(calledOff("d1")).toBe(false);
});

it("does nothing when the answer was taken back", () => {
  const run = vi.fn();
  afterUndo("d2", 10, run);
  expect(calledOff("d2")).toBe(true);
  vi.advanceTimersByTime(60_000);
  expect(run).not.toHaveBeenCalled();
});

it("is done at once where there is no time to undo, and when the page is left", () => {
  const run = vi.fn();
  afterUndo("d3", 0, run);
  expect(run).toHaveBeenCalledOnce();
  afterUndo("d4", 10, run);
  window.dispatchEvent(new Event("pagehide"));
  vi.advanceTimersByTime(60_000);
  expect(run).toHaveBeenCalledTimes(2);
});
