import { screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { open, write } from "@/test/render";
import "@/app/pages/setup";

afterEach(() => window.history.replaceState(null, "", "/"));

describe("the set-up", () => {
  it("leads from the link to the inbox", async () => {
    window.history.replaceState(null, "", "/setup#one-time-token");
    const { user, server, address } = open("/setup", { needsSetup: true });
    await write(user, await screen.findByLabelText("Your name"), "Grace Okafor");
    await write(user, screen.getByLabelText("Your e-mail"), "grace@acme.example");
    await write(user, screen.getByLabelText("A password"), "correct horse battery");
    await user.click(screen.getByRole("button", { name: "Next" }));

    expect(screen.getByLabelText("Public address")).toHaveValue("http://127.0.0.1:8080");
    await write(user, screen.getByLabelText("Name of the company"), "ACME");
    await user.click(screen.getByRole("button", { name: "Next" }));

    await user.click(screen.getByRole("checkbox", { name: /Sales/ }));
    await user.click(screen.getByRole("button", { name: "Set it up" }));
    await screen.findByRole("heading", { name: "People" });
    const sent = server.writes.find((w) => w.path === "/api/setup")?.body as { departments: string[] };
    expect(sent.departments).toContain("Accounts");
    expect(sent.departments).not.toContain("Sales");

    await user.click(screen.getByRole("button", { name: "Later" }));
    await user.click(await screen.findByRole("button", { name: "Later" }));
    await user.click(await screen.findByRole("button", { name: "Go to the inbox" }));
    await waitFor(() => expect(address()).toBe("/inbox/mine"));
    // The token is gone from the address, and stays in no history.
    expect(window.location.hash).toBe("");
  });

  it("goes on where it was when the far side sends the browser back", async () => {
    const { user, address } = open("/setup?account=acc_mastodon1", { as: "per_grace0001" });
    await user.click(await screen.findByRole("button", { name: "Send a test message" }));
    expect(await screen.findByText(/It was read back/)).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Check it now" })).not.toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Go to the inbox" }));
    await waitFor(() => expect(address()).toBe("/inbox/mine"));
  });

  it("checks an account from which nothing can be sent", async () => {
    const { user } = open("/setup?account=acc_mastodon1", {
      as: "per_grace0001",
      before: (s) => s.accounts.forEach((a) => (a.can = a.can.filter((c) => c !== "test"))),
    });
    await user.click(await screen.findByRole("button", { name: "Check it now" }));
    await screen.findByText("The far side answered: this is @acme_help@social.example.");
  });

  it("says why nothing came of the visit, and lets one try again", async () => {
    const { user } = open("/setup?problem=You%20said%20no%20there.", { as: "per_grace0001" });
    expect(await screen.findByRole("alert")).toHaveTextContent("You said no there.");
    expect(await screen.findByRole("button", { name: /Mastodon/ })).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Later" }));
    expect(await screen.findByRole("button", { name: "Go to the inbox" })).toBeInTheDocument();
  });

  it("does not go on with half an answer", async () => {
    window.history.replaceState(null, "", "/setup#one-time-token");
    const { user } = open("/setup", { needsSetup: true });
    await write(user, await screen.findByLabelText("A password"), "short");
    await user.click(screen.getByRole("button", { name: "Next" }));
    expect(screen.getByText("Take at least ten characters.")).toBeInTheDocument();
    expect(screen.getByText("This is not an e-mail address.")).toBeInTheDocument();
  });

  it("says where the link is when there is none", async () => {
    open("/setup", { needsSetup: true });
    expect(await screen.findByText(/Open the link that the program printed/)).toBeInTheDocument();
  });
});
