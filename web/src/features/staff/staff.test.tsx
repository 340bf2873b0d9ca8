import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { open, write } from "@/test/render";
import "@/app/pages/entrance";
import "@/app/pages/staff";

const grace = "per_grace0001";

describe("the way in", () => {
  it("lets in by address and password, to where one was going", async () => {
    const { user, address } = open("/inbox/all?state=closed", {});
    await write(user, await screen.findByLabelText("E-mail"), "sue@acme.example");
    await write(user, screen.getByLabelText("Password"), "a sentence of mine");
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    await waitFor(() => expect(address()).toBe("/inbox/all?state=closed"));
  });

  it("does not follow an address of another site", async () => {
    const { user, address } = open("/signin?to=%2F%2Fevil.example", {});
    await write(user, await screen.findByLabelText("E-mail"), "sue@acme.example");
    await write(user, screen.getByLabelText("Password"), "a sentence of mine");
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    await waitFor(() => expect(address()).toBe("/inbox/mine"));
  });

  it("says in words when the password is wrong", async () => {
    const { user } = open("/signin", {});
    await write(user, await screen.findByLabelText("E-mail"), "nobody@acme.example");
    await write(user, screen.getByLabelText("Password"), "wrong");
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByRole("alert")).toHaveTextContent(/do not belong together/);
  });

  it("sends a link to who forgot their password", async () => {
    const { user, server } = open("/signin", {});
    await write(user, await screen.findByLabelText("E-mail"), "bob@acme.example");
    await user.click(screen.getByRole("button", { name: "Forgot your password?" }));
    expect(await screen.findByLabelText("E-mail")).toHaveValue("bob@acme.example");
    await user.click(screen.getByRole("button", { name: "Send me a link" }));
    expect(await screen.findByRole("status")).toHaveTextContent(/If somebody works here as bob@acme.example/);
    expect(server.writes.at(-1)).toMatchObject({ path: "/api/resets", body: { email: "bob@acme.example" } });
    await user.click(screen.getByRole("button", { name: "Back to sign-in" }));
    expect(await screen.findByLabelText("Password")).toBeInTheDocument();
  });

  it("opens by such a link, with a new password", async () => {
    sessionStorage.setItem(`token:${location.pathname}`, "tokentokentoken");
    const { user, server, address } = open("/reset", {});
    expect(await screen.findByText(/Bob Carter, this is your new password/)).toBeInTheDocument();
    await write(user, screen.getByLabelText("New password"), "short");
    await user.click(screen.getByRole("button", { name: "Set it and sign in" }));
    expect(server.writes).toEqual([]);
    await write(user, screen.getByLabelText("New password"), "a sentence of mine");
    await user.click(screen.getByRole("button", { name: "Set it and sign in" }));
    await waitFor(() => expect(address()).toBe("/inbox/mine"));
  });

  it("says so when a link is used up", async () => {
    sessionStorage.clear();
    open("/reset", {});
    expect(await screen.findByText("This link cannot be used")).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Back to sign-in" })).toBeInTheDocument();
  });

  it("offers everybody's day in the demonstration", async () => {
    const { user, address } = open("/", { demo: true });
    await user.click(await screen.findByRole("button", { name: /Bob Carter/ }));
    await waitFor(() => expect(address()).toBe("/inbox/mine"));
  });

  it("asks again, and comes back, when the session ends", async () => {
    const { user, server, address } = open("/people", { as: grace });
    await screen.findByRole("link", { name: /Bob Carter/ });
    await server.fetch("http://localhost/api/session", { method: "DELETE" });
    await write(user, screen.getByRole("searchbox"), "VAT");
    expect(await screen.findByLabelText("Password")).toBeInTheDocument();
    expect(address()).toContain("to=%2Fpeople");
  });
});

describe("people", () => {
  it("are found by what they know", async () => {
    const { user } = open("/people", { as: grace });
    await screen.findByRole("link", { name: /Sue Marsh/ });
    await write(user, screen.getByRole("searchbox"), "VAT");
    await waitFor(() => expect(screen.queryByRole("link", { name: /Sue Marsh/ })).not.toBeInTheDocument());
    expect(screen.getByRole("link", { name: /Bob Carter/ })).toHaveTextContent("Working now");
  });

  it("get a link to set a new password from who manages staff", async () => {
    const { user } = open("/people", { as: grace });
    await user.click(await screen.findByRole("link", { name: /Bob Carter/ }));
    await user.click(await screen.findByRole("button", { name: "Set a new password" }));
    expect(await screen.findByText(/Give this link to Bob Carter/)).toHaveTextContent(/on its way to/);
    expect(screen.getByDisplayValue(/reset#res/)).toBeInTheDocument();
  });

  it("are invited by a link", async () => {
    const { user, server } = open("/people", { as: grace });
    await user.click(await screen.findByRole("button", { name: "Invite" }));
    await write(user, await screen.findByLabelText("Name"), "Kim");
    await write(user, screen.getByLabelText("E-mail"), "kim@acme.example");
    await user.click(screen.getByRole("button", { name: "Make the invitation" }));
    expect((await screen.findByLabelText<HTMLInputElement>("Link")).value).toContain("/join#");
    expect(server.lastWrite?.body).toMatchObject({ name: "Kim", role: "member" });
  });

  it("send only what was changed", async () => {
    const { user, server } = open("/people/per_bob000001", { as: grace });
    const capacity = await screen.findByLabelText(/How many open conversations/);
    await user.clear(capacity);
    await write(user, capacity, "20");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText("Saved.");
    expect(server.lastWrite?.body).toEqual({ capacity: 20 });
  });
});

describe("a department", () => {
  it("asks where its conversations go when it is removed", async () => {
    const { user, server, address } = open("/departments/dep_peoplehr1", { as: grace });
    await user.click(await screen.findByRole("button", { name: "Remove the department" }));
    await screen.findByText("Removed.");
    expect(server.departments.some((d) => d.id === "dep_peoplehr1")).toBe(false);
    await waitFor(() => expect(address()).toBe("/departments"));
  });

  it("says after how long what nobody takes goes on", async () => {
    const { user, server } = open("/departments/dep_service01", { as: grace });
    const minutes = await screen.findByRole("textbox", { name: "Goes on after (minutes)" });
    expect(minutes).toHaveValue("30");
    expect(screen.getByText(/It never comes back to anybody on the way/)).toBeInTheDocument();
    await user.clear(minutes);
    await user.type(minutes, "45");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(server.departments.find((d) => d.id === "dep_service01")?.moveOn).toBe(45));
  });

  it("cannot be changed by those who may not", async () => {
    const { server } = open("/departments/dep_service01", { as: "per_sue000001" });
    server.departments.forEach((d) => (d.can = []));
    expect(await screen.findByRole("textbox", { name: "Name" })).toBeDisabled();
    expect(screen.queryByRole("button", { name: "Remove the department" })).not.toBeInTheDocument();
  });
});
