import { screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import { open } from "@/test/render";
import "@/app/Tour";

const grace = "per_grace0001";

beforeEach(() => localStorage.removeItem("switchboard.tour"));

it("shows a newcomer of the demonstration around in five steps, once", async () => {
  const { user } = open("/inbox/all", { as: grace, demo: true });
  await user.click(await screen.findByRole("button", { name: "Show me around" }));
  const card = await screen.findByRole("dialog", { name: "Show me around" });
  for (const title of [
    "Piles of work",
    "Who, what, whose, how long",
    "Why it is here",
    "Answer, note, ask",
    "Everything has a key",
  ]) {
    expect(await screen.findByRole("heading", { name: title })).toBeInTheDocument();
    if (title === "Why it is here") {
      await screen.findByRole("article"); // it has opened a conversation
    }
    await user.click(screen.getByRole("button", { name: title.startsWith("Everything") ? "Done" : "Next" }));
  }
  await waitFor(() => expect(card).not.toBeInTheDocument());
  expect(screen.queryByRole("button", { name: "Show me around" })).toBeNull();
});

it("is walked through with the arrows and left with Escape", async () => {
  const { user } = open("/inbox/all", { as: grace, demo: true });
  await user.click(await screen.findByRole("button", { name: "Show me around" }));
  await screen.findByRole("heading", { name: "Piles of work" });
  await user.keyboard("{ArrowRight}");
  expect(await screen.findByText("Step 2 of 5")).toBeInTheDocument();
  await user.keyboard("{ArrowLeft}");
  expect(await screen.findByText("Step 1 of 5")).toBeInTheDocument();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

it("is not offered in a house of one's own", async () => {
  open("/inbox/all", { as: grace });
  await screen.findByRole("link", { name: /Rowan Blake/ });
  expect(screen.queryByText(/This is a demonstration/)).toBeNull();
});
