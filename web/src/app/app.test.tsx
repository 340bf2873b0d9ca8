import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { open } from "@/test/render";
import "@/app/KeyHelp";
import "@/app/pages/settings";
import "@/app/pages/staff";
import { filterOf, readInboxSearch, searchOf } from "./address";
import { matches } from "./Palette";
import { pageDeeds } from "./pageKeys";

const grace = "per_grace0001";

describe("the palette", () => {
  it("does what can be done here, by a few letters", async () => {
    const { user, server } = open("/inbox/all/con_000000001", { as: grace });
    await screen.findByRole("article", { name: "Rowan Blake" });
    await user.keyboard("{Control>}k{/Control}");
    const list = await screen.findByRole("listbox", { name: "Do anything" });
    await user.keyboard("clos");
    await waitFor(() => expect(within(list).getAllByRole("option")[0]).toHaveTextContent("Close"));
    await user.keyboard("{Enter}");
    await waitFor(() => expect(server.conversations.get("con_000000001")?.state).toBe("closed"));
  });

  it("finds whatever stands on the page by its name, and presses it or goes to it", async () => {
    const { user, server } = open("/settings", { as: grace });
    await waitFor(() => expect(screen.getByLabelText("Public address")).toBeInTheDocument());
    const choose = async (words: string) => {
      await user.keyboard("{Control>}k{/Control}");
      await screen.findByRole("listbox", { name: "Do anything" });
      await user.keyboard(`${words}{Enter}`);
    };
    await choose("public addr");
    await waitFor(() => expect(screen.getByLabelText("Public address")).toHaveFocus());
    await user.keyboard("/desk");
    await choose("save");
    await waitFor(() => expect(server.lastWrite?.path).toBe("/api/settings"));
    await choose("appearance dark");
    await waitFor(() => expect(document.documentElement.dataset["mantineColorScheme"]).toBe("dark"));
    await choose("appearance light");
  });

  it("gives the focus back to what is being written, so that no letter is taken for a key", async () => {
    const { user, server } = open("/inbox/all/con_000000001", { as: grace });
    await screen.findByRole("article", { name: "Rowan Blake" });
    await user.keyboard("r");
    const field = await screen.findByRole<HTMLTextAreaElement>("textbox", { name: "Reply" });
    await waitFor(() => expect(field).toHaveFocus());
    await user.keyboard("{Control>}k{/Control}");
    await screen.findByRole("listbox", { name: "Do anything" });
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("listbox", { name: "Do anything" })).not.toBeInTheDocument());
    expect(field).toHaveFocus();
    await user.keyboard("ee");
    expect(field.value).toMatch(/ee$/);
    expect(server.conversations.get("con_000000001")?.state).toBe("open");
  });

  it("finds what somebody said", async () => {
    const { user, address } = open("/inbox/mine", { as: grace });
    await screen.findByRole("heading", { name: "Mine" });
    await user.keyboard("{Control>}k{/Control}");
    await user.keyboard("tournament");
    expect(await screen.findByText(/Nothing fits/)).toBeInTheDocument();
    await user.clear(screen.getByRole("combobox"));
    await user.keyboard("rocket skates");
    await user.click(await screen.findByRole("option", { name: /Jonas Weber/ }));
    await waitFor(() => expect(address()).toBe("/inbox/all/con_000000003"));
  });

  it("knows a name by parts of its words", () => {
    expect(matches("Set aside: no answer needed", "aside")).toBe(true);
    expect(matches("Put through", "thr put")).toBe(true);
    expect(matches("Close", "open")).toBe(false);
  });
});

describe("the shell", () => {
  it("goes by two keys, and lists them", async () => {
    const { user, address } = open("/inbox/mine", { as: grace });
    await screen.findByRole("heading", { name: "Mine" });
    await user.keyboard("gu");
    await waitFor(() => expect(address()).toBe("/inbox/unowned"));
    await user.keyboard("?");
    const help = await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
    expect(within(help).getByText("Search the list")).toBeInTheDocument();
    expect(within(help).getByText("Not taken")).toBeInTheDocument();
  });

  it("saves by a key from anywhere on the page, and only what may be saved", async () => {
    const { user, server } = open("/settings", { as: grace });
    const field = await screen.findByLabelText("Public address");
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(server.lastWrite).toBeUndefined();
    await user.type(field, "/desk");
    field.blur();
    await user.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(server.lastWrite?.path).toBe("/api/settings"));
  });

  it("goes from row to row, and does to the row what its keys say", async () => {
    const { user } = open("/people", { as: grace });
    await screen.findByText("Bob Carter");
    await user.keyboard("jj");
    const second = document.querySelectorAll("#content li")[1];
    expect(second?.contains(document.activeElement)).toBe(true);
    await user.keyboard("k");
    expect(second?.contains(document.activeElement)).toBe(false);
  });

  it("saves the one form that can be saved, never one of several, nor what is sent to somebody", () => {
    const page = document.body.appendChild(document.createElement("div"));
    const pressed: string[] = [];
    const save = pageDeeds.find((d) => d.id === "save")!;
    const form = (name: string, more = "") =>
      `<form ${more}><button type="submit" data-name="${name}">${name}</button></form>`;
    page.addEventListener("click", (e) => {
      e.preventDefault();
      pressed.push((e.target as HTMLElement).dataset["name"]!);
    });
    for (const forms of [
      form("a"),
      form("b") + form("c"),
      form("d", "data-sends"),
      form("e", "data-sends") + form("f"),
    ]) {
      page.innerHTML = `<div id="content">${forms}</div>`;
      void save.run();
    }
    expect(pressed).toEqual(["a", "f"]);
    page.remove();
  });

  it("goes to a row without a link by itself, never to a button of it", () => {
    document.body.innerHTML =
      '<div id="content"><ul><li><button>Retry</button></li><li><button>Revoke</button><a href="/x">Ann</a></li></ul></div>';
    const next = pageDeeds.find((d) => d.id === "next")!;
    next.run();
    expect(document.activeElement?.tagName).toBe("LI");
    next.run();
    expect(document.activeElement?.tagName).toBe("A");
    document.body.innerHTML = "";
  });

  it("begins with the board for who only looks, and offers no list of their own", async () => {
    const { address } = open("/", { as: "per_victor001" });
    await waitFor(() => expect(address()).toBe("/board"));
    expect(await screen.findAllByRole("link", { name: /^Not taken/ })).not.toHaveLength(0);
    expect(screen.queryByRole("link", { name: /^Mine/ })).not.toBeInTheDocument();
  });

  it("shows who is outside nothing that is refused them", async () => {
    const { address } = open("/inbox/mine", { as: "per_agency001" });
    expect(await screen.findByRole("heading", { name: "Welcome, Studio Nine" })).toBeInTheDocument();
    expect(address()).toBe("/");
    expect(within(screen.getAllByRole("navigation")[0]!).queryAllByRole("link")).toHaveLength(0);
  });

  it("stops everything for those who may, says so, and resumes", async () => {
    const { user, server } = open("/inbox/mine", { as: grace });
    await user.click(await screen.findByRole("button", { name: /Grace Okafor/ }));
    await user.click(await screen.findByRole("menuitem", { name: "Stop everything" }));
    expect(await screen.findByText("Everything is stopped: nothing leaves on any account.")).toBeInTheDocument();
    expect(server.stopped).toBe(true);
    await user.click(screen.getAllByRole("button", { name: "Resume" })[0]!);
    await waitFor(() => expect(server.stopped).toBe(false));
  });

  it("does not offer the stop button to everybody", async () => {
    const { user } = open("/inbox/mine", { as: "per_sue000001" });
    await user.click(await screen.findByRole("button", { name: /Sue Marsh/ }));
    await screen.findByRole("menuitem", { name: "Sign out" });
    expect(screen.queryByRole("menuitem", { name: "Stop everything" })).not.toBeInTheDocument();
  });

  it("says when there is no connection", async () => {
    open("/inbox/mine", { as: grace });
    await screen.findByRole("heading", { name: "Mine" });
    window.dispatchEvent(new Event("offline"));
    expect(await screen.findByText(/No connection/)).toBeInTheDocument();
    window.dispatchEvent(new Event("online"));
    await waitFor(() => expect(screen.queryByText(/No connection/)).not.toBeInTheDocument());
  });
});

describe("the address of the inbox", () => {
  it("keeps what is not as always, and nothing it does not know", () => {
    const filter = filterOf("unowned", readInboxSearch({ state: "closed", sort: "sideways", q: "x", evil: 1 }));
    expect(filter).toEqual({ view: "unowned", state: "closed", sort: "newest", q: "x" });
    expect(searchOf(filter)).toEqual({ state: "closed", q: "x" });
    expect(filterOf("nonsense", {}).view).toBe("mine");
  });
});
