import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { open, write } from "@/test/render";
import "@/app/pages/notify";
import "./Sheet";

const grace = "per_grace0001";
const sue = "per_sue000001";

describe("the bell", () => {
  it("says how many are not read, and a click on one leads there and reads it", async () => {
    const { user, server, address } = open("/outgoing", { as: sue });
    await user.click(await screen.findByRole("button", { name: "Notifications, 3 unread" }));
    await user.click(await screen.findByRole("button", { name: /^Tom Adeyemi asks you something/ }));
    await waitFor(() => expect(address()).toBe("/inbox/all/con_000000002"));
    expect(await screen.findByRole("button", { name: "Notifications, 2 unread" })).toBeInTheDocument();
    expect(server.bell.unread).toBe(2);
  });

  it("is read as a whole in one step, by its key too", async () => {
    const { user, server } = open("/notifications", { as: sue });
    expect(await screen.findByText(/Grace Okafor mentions you/)).toBeInTheDocument();
    await user.keyboard("{Shift>}U{/Shift}");
    await waitFor(() => expect(server.bell.unread).toBe(0));
    await user.click(screen.getByRole("radio", { name: "Unread" }));
    expect(await screen.findByText("You have read everything.")).toBeInTheDocument();
  });

  it("teaches what it is for while there is nothing", async () => {
    open("/notifications", { as: sue, before: (s) => s.bell.items.splice(0) });
    expect(await screen.findByText(/Here you read what concerns you/)).toBeInTheDocument();
  });
});

describe("what one is told of", () => {
  it("is chosen by kind and way, and what is not in the list goes out by no way", async () => {
    const { user, server } = open("/me/notifications", { as: sue });
    const push = await screen.findByRole("checkbox", { name: "I am mentioned in a note: Push" });
    expect(push).toBeChecked();
    await user.click(screen.getByRole("checkbox", { name: "I am mentioned in a note: List" }));
    expect(push).not.toBeChecked();
    expect(push).toBeDisabled();
    await user.click(screen.getByRole("radio", { name: "Between two times of day" }));
    expect(await screen.findByLabelText("From")).toHaveValue("20:00");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(server.bell.settings.quiet).toBe("times"));
    expect(server.bell.settings.kinds.find((k) => k.kind === "mention")).toMatchObject({ list: false, push: false, mail: false }); // prettier-ignore
  });

  it("says that the house sends no mail, and that push needs https", async () => {
    open("/me/notifications", { as: sue });
    expect(await screen.findByText(/This house sends no mail yet/)).toBeInTheDocument();
    expect(screen.getByText("Push needs an address that begins with https://.")).toBeInTheDocument();
  });

  it("ends in another browser", async () => {
    const { user, server } = open("/me/notifications", { as: sue });
    await user.click(await screen.findByRole("button", { name: "End push in Firefox on Android" }));
    await waitFor(() => expect(server.bell.settings.devices).toHaveLength(0));
  });
});

describe("chat rooms", () => {
  it("are added, tried out, paused and removed", async () => {
    const { user, server } = open("/settings/chat", { as: grace });
    expect(await screen.findByText("No room is told yet.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Add a room" }));
    const dialogue = await screen.findByRole("dialog");
    await write(user, within(dialogue).getByLabelText("Name"), "#support");
    await write(user, within(dialogue).getByLabelText("Address of the webhook"), "https://chat.example/secret");
    await user.click(within(dialogue).getByRole("button", { name: "Save" }));
    expect(await screen.findByText("#support")).toBeInTheDocument();
    expect(screen.queryByText(/secret/)).not.toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Send a test to #support" }));
    expect(await screen.findByText("Sent: look at the room.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Pause #support" }));
    expect(await screen.findByRole("button", { name: "Go on telling #support" })).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Remove #support" }));
    await waitFor(() => expect(server.bell.chats).toHaveLength(0));
  });

  it("are not offered to those who may not set them", async () => {
    open("/outgoing", { as: sue });
    await screen.findByRole("navigation", { name: "Main" });
    expect(screen.queryByRole("link", { name: "Chat rooms" })).not.toBeInTheDocument();
  });
});
