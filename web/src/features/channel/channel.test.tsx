import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { refuse } from "@/test/call";
import { open, write } from "@/test/render";
import "@/app/pages/accounts";

const grace = "per_grace0001";
const bluesky = "/accounts/acc_bluesky01";

describe("the accounts", () => {
  it("say of each how it is and what is wrong", async () => {
    open("/accounts", { as: grace });
    const row = await screen.findByRole("link", { name: /^ACME ?@acme\.example/ });
    expect(row).toHaveTextContent("In trouble");
    expect(row).toHaveTextContent("1 unclear");
    expect(screen.getByText(/asks us to wait/)).toBeInTheDocument();
  });

  it("say why a connecting at the far side came to nothing", async () => {
    open("/accounts?problem=You%20said%20no%20there.", { as: grace });
    expect(await screen.findByRole("alert")).toHaveTextContent("The account was not connected: You said no there.");
  });

  it("teach when there is none, and do not offer what one may not", async () => {
    open("/accounts", { as: "per_sue000001" });
    await screen.findByRole("link", { name: /^ACME ?@acme\.example/ });
    expect(screen.queryByRole("link", { name: "Connect an account" })).not.toBeInTheDocument();
  });
});

describe("connecting an account", () => {
  it("asks what the channel asks, checks it, and connects what was found", async () => {
    const { user, server, address } = open("/accounts/new", { as: grace });
    await user.click(await screen.findByRole("button", { name: /Bluesky/ }));
    await user.click(screen.getByRole("button", { name: "Check" }));
    expect(screen.getAllByText("Please fill this in.").length).toBe(2);

    await write(user, screen.getByLabelText(/Handle/), "acme.example");
    await write(user, screen.getByLabelText("App password"), "wrong");
    await user.click(screen.getByRole("button", { name: "Check" }));
    expect(await screen.findByText("refused")).toBeInTheDocument();

    await user.clear(screen.getByLabelText("App password"));
    await write(user, screen.getByLabelText("App password"), "abcd-efgh");
    await user.click(screen.getByRole("button", { name: "Check" }));
    expect(await screen.findByText("This is acme.example")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Connect acme.example" }));
    await waitFor(() => expect(address()).toMatch(/\/accounts\/acc_/));
    expect(server.lastWrite?.body).toMatchObject({
      channel: "bluesky",
      settings: { handle: "acme.example", service: "https://bsky.social" },
    });
  });
});

describe("connecting with a token made by hand", () => {
  it("checks it here instead of going to the far side", async () => {
    const { user, server } = open("/accounts/new", { as: grace });
    await user.click(await screen.findByRole("button", { name: /Mastodon/ }));
    expect(screen.getByRole("button", { name: "Go to Mastodon" })).toBeInTheDocument();
    await write(user, screen.getByLabelText(/Address of the server/), "social.example");
    await write(user, screen.getByLabelText("Access token"), "abcdefgh");
    await user.click(screen.getByRole("button", { name: "Check" }));
    expect(await screen.findByText("This is @acme")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Connect @acme" }));
    await waitFor(() => expect(server.lastWrite?.path).toBe("/api/accounts"));
    expect(server.lastWrite?.body).toMatchObject({ channel: "mastodon", settings: { token: "abcdefgh" } });
  });
});

describe("connecting an account again", () => {
  it("names the account, and leaves out what stays as it is", async () => {
    const { user, server } = open("/accounts/acc_mastodon1", { as: grace });
    await user.click(await screen.findByRole("button", { name: "Connect again" }));
    await waitFor(() => expect(server.lastWrite?.path).toBe("/api/accounts/connect"));
    expect(server.lastWrite?.body).toMatchObject({ account: "acc_mastodon1", settings: {} });
  });
});

describe("another server for an account", () => {
  it("asks for the password again, in its field, as long as it is another", async () => {
    const { user, server } = open(bluesky, { as: grace });
    const password = await screen.findByLabelText("App password");
    expect(password).toHaveAttribute("placeholder", "Unchanged");
    const host = screen.getByLabelText("Server");
    await write(user, host, "https://bsky.social");
    expect(password).not.toHaveAccessibleDescription(/Enter this again/);
    await user.clear(host);
    await write(user, host, "https://pds.example");
    expect(password).toHaveAccessibleDescription(/You changed the server. Enter this again/);
    expect(password).not.toHaveAttribute("placeholder", "Unchanged");
    await write(user, password, "abcd-efgh");
    expect(password).not.toHaveAccessibleDescription(/Enter this again/);
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(server.lastWrite?.body).toMatchObject({
        settings: { service: "https://pds.example", password: "abcd-efgh" },
      }),
    );
  });

  it("offers the visit instead, where there is one", async () => {
    const { user, server } = open("/accounts/acc_mastodon1", { as: grace });
    await write(user, await screen.findByLabelText(/Address of the server/), "https://new.example");
    expect(screen.getByLabelText("Access token")).toHaveAccessibleDescription(/connect again by a visit/);
    await user.click(screen.getByRole("button", { name: "Connect again" }));
    await waitFor(() => expect(server.lastWrite?.body).toMatchObject({ settings: { server: "https://new.example" } }));
  });
});

describe("the health of an account", () => {
  it("shows the gap, the next try, the life of the token and what is set aside", async () => {
    open(bluesky, { as: grace });
    const health = await screen.findByRole("region", { name: "Health" });
    expect(health).toHaveTextContent("Gapsince 31 min ago");
    expect(health).toHaveTextContent("Next tryin 6 min");
    expect(health).toHaveTextContent("Access lasts until4 days left");
    expect(screen.getByText(/Incident inc_4f81c0a2/)).toBeInTheDocument();
    expect(await screen.findByText("It says it was written in the year 9999.")).toBeInTheDocument();
  });

  it("says what can't be had any more until somebody has seen it", async () => {
    const { user, server } = open("/accounts/acc_mailpress", {
      as: grace,
      before: (server) => (server.accounts[2]!.health.lostSince = "2026-10-08T06:00:00Z"),
    });
    expect(await screen.findByText(/Some of what people wrote since/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "I have seen to it" }));
    await waitFor(() => expect(screen.queryByText(/Some of what people wrote since/)).not.toBeInTheDocument());
    expect(server.lastWrite?.path).toBe("/api/accounts/acc_mailpress/lost/seen");
  });

  it("stops and resumes", async () => {
    const { user, server } = open(bluesky, { as: grace });
    await user.click(await screen.findByRole("button", { name: "Stop this account" }));
    await screen.findByText("Stopped. 2 deliveries are held.");
    expect(server.accounts[1]?.paused).toBe(true);
    await user.click(await screen.findByRole("button", { name: "Undo" }));
    await waitFor(() => expect(server.accounts[1]?.paused).toBe(false));
  });

  it("tries one item again, without the others", async () => {
    const { user, server } = open(bluesky, { as: grace });
    const item = (await screen.findByText(/cut in the middle/)).closest("li")!;
    await user.click(within(item).getByRole("button", { name: "Try again" }));
    await screen.findByText("Read again.");
    expect(server.lastWrite?.path).toBe("/api/arrivals/arr_000000002/retry");
  });
});

describe("a test message", () => {
  it("says what was sent, where it was seen and how long that took", async () => {
    const { user, server } = open("/accounts/acc_mastodon1", { as: grace });
    expect(await screen.findByText(/No customer sees it/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Send a test message" }));
    expect(await screen.findByText("It went out and was seen")).toBeInTheDocument();
    expect(screen.getByText(/It was read back. That took 0.4 seconds./)).toBeInTheDocument();
    expect(server.lastWrite?.path).toBe("/api/accounts/acc_mastodon1/test");
  });

  it("does not say that it was seen when it was not", async () => {
    const { user } = open("/accounts/acc_mailpress", { as: grace });
    await user.click(await screen.findByRole("button", { name: "Send a test message" }));
    expect(await screen.findByText("It went out and was not seen")).toBeInTheDocument();
    expect(screen.getByText("It was not in the inbox after 20 seconds.")).toBeInTheDocument();
  });

  it.each<[string, () => unknown]>([
    ["it broke off", () => refuse(409, "An earlier try has not ended, or broke off.", undefined, "broken-off")],
    ["its answer was lost", () => refuse(503, "The server could not be reached.", undefined, "unclear")],
    ["the server has a fault", () => refuse(500, "Something went wrong on our side.")],
    [
      "the line is down",
      () => {
        throw new TypeError("network");
      },
    ],
  ])(
    "says that nobody knows whether it went out when %s",
    async (_, answers) => {
      const { user, server } = open("/accounts/acc_mastodon1", { as: grace });
      await screen.findByRole("button", { name: "Send a test message" });
      server.over("POST", "accounts/:/test", answers);
      await user.click(screen.getByRole("button", { name: "Send a test message" }));
      expect(
        await screen.findByText("Nobody knows whether the test went out", {}, { timeout: 8000 }),
      ).toBeInTheDocument();
      expect(screen.getByText(/Look there before you send another one/)).toBeInTheDocument();
    },
    15000,
  );

  it("does not say so of a far side that is down", async () => {
    const { user, server } = open("/accounts/acc_mastodon1", { as: grace });
    await screen.findByRole("button", { name: "Send a test message" });
    server.over("POST", "accounts/:/test", () => refuse(503, "The server asks us to wait."));
    await user.click(screen.getByRole("button", { name: "Send a test message" }));
    expect(await screen.findByText("The test did not end well")).toBeInTheDocument();
  });

  it("says why nothing came of it", async () => {
    const { user } = open("/accounts/acc_mastodon1", { as: grace });
    await user.click(await screen.findByRole("button", { name: "Stop this account" }));
    await screen.findByRole("button", { name: "Resume" });
    await user.click(screen.getByRole("button", { name: "Send a test message" }));
    expect(await screen.findByText("The test did not end well")).toBeInTheDocument();
    expect(screen.getByText(/resume it, then send the test/)).toBeInTheDocument();
  });

  it("is not offered where nothing can be sent", async () => {
    const { server } = open("/accounts/acc_mastodon1", {
      as: grace,
      before: (s) => s.accounts.forEach((a) => (a.can = a.can.filter((c) => c !== "test"))),
    });
    await screen.findByRole("button", { name: "Check now" });
    expect(screen.queryByRole("button", { name: "Send a test message" })).not.toBeInTheDocument();
    expect(server.lastWrite).toBeUndefined();
  });
});
