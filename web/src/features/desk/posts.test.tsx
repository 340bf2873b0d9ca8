import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import "@/app/pages/posts";
import { accounts } from "@/test/acme";
import { open, write } from "@/test/render";
import { filesOf, publishName, unfit } from "./post";

const sue = "per_sue000001";
const [mastodon, bluesky, email] = accounts(0);
const field = () => screen.findByRole("textbox", { name: "Text" });

describe("a new post", () => {
  it("says on the button who speaks and who will read it", async () => {
    const { user, server } = open("/posts", { as: sue });
    await write(user, await field(), "We have moved.");
    expect(screen.getByRole("button", { name: "Choose an account" })).toBeDisabled();
    await user.click(screen.getByRole("checkbox", { name: /@acme_help@/ }));
    await user.click(screen.getByRole("button", { name: "Publish as @acme_help, in public" }));
    await screen.findByText("Leaves in 10 seconds.");
    const [post] = server.writes.filter((w) => w.path === "/api/posts");
    expect(post?.key).toMatch(/^[0-9a-f]{32}$/);
    expect(post?.body).toMatchObject({ text: "We have moved.", accounts: [mastodon!.id], undo: 10, language: "en" });
    expect(await field()).toHaveValue("");
    const posted = screen.getByRole("region", { name: "Posted" });
    expect(await within(posted).findByText("On its way")).toBeInTheDocument();
  });

  it("offers only accounts that have a public", async () => {
    open("/posts", { as: sue });
    await field();
    const names = screen
      .getAllByRole("checkbox")
      .map((box) => box.closest("li")?.textContent)
      .join(" ");
    expect(names).toContain(mastodon!.handle);
    expect(names).not.toContain(email!.handle);
  });

  it("gives the words back when it is taken back, above what was typed since", async () => {
    const { user, server } = open("/posts", { as: sue });
    await write(user, await field(), "Too hasty.");
    await user.click(screen.getByRole("checkbox", { name: /@acme_help@/ }));
    await user.keyboard("{Tab}");
    await user.click(screen.getByRole("button", { name: "Publish as @acme_help, in public" }));
    const undo = await screen.findByRole("button", { name: "Undo" });
    await write(user, await field(), "The next one.");
    await user.click(undo);
    await waitFor(() => expect(server.posts[0]?.state).toBe("cancelled"));
    await waitFor(async () => expect(await field()).toHaveValue("Too hasty.\n\nThe next one."));
  });

  it("counts for each account by its own rule", async () => {
    const { user } = open("/posts", { as: sue });
    for (const box of await screen.findAllByRole("checkbox", { name: /@acme/ })) {
      await user.click(box);
    }
    await user.click(await field());
    await user.paste("x".repeat(301));
    expect(await screen.findByText("1 too long")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: /^Publish as \d accounts, in public$/ })).toBeDisabled();
  });

  it("is found in the navigation and by G then N", async () => {
    const { user, address } = open("/inbox/all", { as: sue });
    expect(await screen.findByRole("link", { name: "New post" })).toBeInTheDocument();
    await user.keyboard("gn");
    await waitFor(() => expect(address()).toBe("/posts"));
  });
});

describe("what can be published", () => {
  it("takes as many files as the account that takes fewest", () => {
    const tight = { ...bluesky!, limits: { ...bluesky!.limits, media: 1, mediaSize: 1000 } };
    expect(filesOf([mastodon!, tight])).toMatchObject({ media: 1, mediaSize: 1000 });
  });

  it("may be pictures alone, but not nothing", () => {
    expect(unfit([mastodon!], "", ["a door"])).toBeUndefined();
    expect(unfit([mastodon!], "", [])).toBeDefined();
    expect(unfit([], "words", [])).toBe("Choose an account");
  });

  it("asks first where one may not speak", () => {
    const held = { ...mastodon!, can: ["post"] };
    expect(publishName([held])).toBe("Ask to publish as @acme_help, in public");
    expect(publishName([held, bluesky!])).toBe("Publish as 2 accounts, in public");
  });
});
