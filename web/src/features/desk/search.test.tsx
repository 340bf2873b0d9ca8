import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { open, write } from "@/test/render";

const sue = "per_sue000001";

describe("the search", () => {
  it("shows answers and contacts who never wrote, which the arrow keys go through", async () => {
    const { user } = open("/search", { as: sue });
    const box = await screen.findByRole("searchbox", { name: "Search" });
    await write(user, box, "parc");
    const silent = await screen.findByRole("link", { name: /Parcy Quill/ });
    expect(silent).toHaveAttribute("href", "/contacts/cnt_silent001");
    const answer = screen.getByRole("link", { name: /How a parcel is sent back/ });
    expect(answer).toHaveAttribute("href", "/answers/ans_000000001");
    await user.click(box);
    await user.keyboard("{ArrowDown}");
    expect(silent).toHaveFocus();
    await user.keyboard("{ArrowDown}");
    expect(answer).toHaveFocus();
  });

  it("says that only other things were found, and when there is nothing at all", async () => {
    const { user } = open("/search", { as: sue });
    await write(user, await screen.findByRole("searchbox", { name: "Search" }), "parcy");
    expect(await screen.findByText(/No message or note/)).toBeInTheDocument();
    expect(screen.queryByRole("heading", { name: "Answers" })).not.toBeInTheDocument();
    await write(user, screen.getByRole("searchbox", { name: "Search" }), "qqzzy");
    expect(await screen.findByText(/Nothing that you may see/)).toBeInTheDocument();
  });

  it("leads to an answer from the palette", async () => {
    const { user, address } = open("/inbox/all", { as: sue });
    await screen.findByRole("link", { name: /Rowan Blake/ });
    await user.keyboard("{Control>}k{/Control}");
    const palette = await screen.findByRole("dialog");
    await write(user, within(palette).getByRole("combobox"), "slip");
    await within(palette).findByRole("option", { name: /How a parcel is sent back/ });
    await user.keyboard("{Enter}");
    await waitFor(() => expect(address()).toContain("/answers/ans_000000001"));
  });
});
