import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { open, write } from "@/test/render";
import "@/app/pages/settings";

const grace = "per_grace0001";
const page = "/settings/language-model";

async function fill(user: Parameters<typeof write>[0], address: string) {
  await write(user, await screen.findByLabelText("Address"), address);
  await write(user, screen.getByLabelText("Model"), "tiny");
}

describe("the language model", () => {
  it("is off, and the page says what would leave the house before it can", async () => {
    open(page, { as: grace });
    expect(await screen.findByRole("switch", { name: /Ask a language model/ })).not.toBeChecked();
    expect(screen.getByText("It is off: no message leaves the house.")).toBeInTheDocument();
    const leaves = screen.getByRole("region", { name: "What leaves the house" });
    expect(within(leaves).getAllByRole("listitem")).toHaveLength(3);
    expect(screen.getByRole("button", { name: "Try it" })).toBeDisabled();
    expect(screen.getByText("Save an address and a model first.")).toBeInTheDocument();
  });

  it("is set, and its key goes in but never comes back", async () => {
    const { user, server } = open(page, { as: grace });
    await fill(user, "https://models.example/v1");
    await write(user, screen.getByLabelText("Key"), "sk-marker");
    await user.click(screen.getByRole("switch", { name: /Ask a language model/ }));
    expect(screen.getByRole("button", { name: "Try it" })).toBeDisabled();
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(server.advice).toMatchObject({ on: true, model: "tiny", hasKey: true }));
    await waitFor(() => expect(screen.getByLabelText("Key")).toHaveValue(""));
    expect(screen.getByLabelText("Key")).toHaveAttribute("placeholder", "A key is kept; empty leaves it");
    await user.click(await screen.findByRole("checkbox", { name: "Take the key away" }));
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(server.advice.hasKey).toBe(false));
  });

  it("shows beside its field what the server finds wrong", async () => {
    const { user } = open(page, { as: grace });
    await user.click(await screen.findByRole("switch", { name: /Ask a language model/ }));
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(screen.getByLabelText("Address")).toBeInvalid());
  });

  it("is tried, and shows what left, what came back and what was understood", async () => {
    const { user } = open(page, { as: grace });
    await fill(user, "https://models.example/v1");
    await user.click(screen.getByRole("button", { name: "Save" }));
    const button = screen.getByRole("button", { name: "Try it" });
    await waitFor(() => expect(button).toBeEnabled());
    await user.click(button);
    expect(await screen.findByText(/For Accounts; Billing, somebody waits for an answer, today/)).toBeInTheDocument();
    expect(screen.getByRole("region", { name: /as somebody would have written it/ })).toHaveTextContent("Jane Roe");
    expect(screen.getByRole("region", { name: /What left the house, word for word/ })).toHaveTextContent("[name]");
    expect(screen.getByRole("region", { name: "What came back (200, after 0.4 s)" })).toBeInTheDocument();
    expect(await screen.findByText(/1 question,/)).toBeInTheDocument();
  });

  it("says why when nothing comes back", async () => {
    const { user } = open(page, { as: grace });
    await fill(user, "https://dead.example/v1");
    await user.click(screen.getByRole("button", { name: "Save" }));
    const button = screen.getByRole("button", { name: "Try it" });
    await waitFor(() => expect(button).toBeEnabled());
    await user.click(button);
    expect(await screen.findByText(/No answer: there was no answer within 8s/)).toBeInTheDocument();
    expect(screen.getByText("Nothing came back.")).toBeInTheDocument();
  });

  it("tells of its trouble and its pause while it is on", async () => {
    const { server, user } = open("/settings", { as: grace });
    Object.assign(server.advice, {
      on: true, address: "https://models.example/v1", model: "tiny", spent: true, pausedUntil: new Date(Date.now() + 600_000).toISOString(),
      trouble: "it refuses us (401): check the key", troubleAt: new Date().toISOString(),
    }); // prettier-ignore
    await user.click(await screen.findByRole("link", { name: "Language model" }));
    expect(await screen.findByText(/Today's budget is used up/)).toBeInTheDocument();
    expect(screen.getByText(/It is left alone until/)).toBeInTheDocument();
    expect(screen.getByText(/check the key/)).toBeInTheDocument();
  });

  it("is not offered to those who may not set it", async () => {
    open("/outgoing", { as: "per_sue000001" });
    await screen.findByRole("navigation", { name: "Main" });
    expect(screen.queryByRole("link", { name: "Language model" })).not.toBeInTheDocument();
  });
});

describe("the house's mail", () => {
  it("is set by a connected mailbox, and tried", async () => {
    const { user, server } = open("/settings/mail", { as: grace });
    await user.click(await screen.findByRole("switch", { name: /^Write e-mails to people/ }));
    await user.selectOptions(screen.getByRole("combobox", { name: "By" }), "acc_mail00001");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText("Saved.");
    expect(server.lastWrite?.body).toMatchObject({ on: true, by: "acc_mail00001" });
    await user.click(screen.getByRole("button", { name: "Send a test to me" }));
    expect(await screen.findByText(/took the test from press@acme.example/)).toBeInTheDocument();
  });

  it("says why a test was not sent", async () => {
    const { user } = open("/settings/mail", {
      as: grace,
      before: (s) => void Object.assign(s.houseMail, { on: true, host: "dead.example", from: "desk@acme.example" }),
    });
    await user.click(await screen.findByRole("button", { name: "Send a test to me" }));
    expect(await screen.findByText(/It was not sent: the mail server could not be reached/)).toBeInTheDocument();
  });
});
