import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { open } from "@/test/render";
import "@/app/pages/insight";
import { matrix } from "./Confusion";
import { percent, readDays, readVerdictFilter } from "./filter";
import { threshold } from "./Rows";

const grace = "per_grace0001";

describe("the scoreboard", () => {
  it("shows each figure as a way to its conversations", async () => {
    const { user, address } = open("/scoreboard", { as: grace });
    const tiles = await screen.findByRole("region", { name: "At a glance" });
    expect(within(tiles).getByRole("link", { name: /First choice right.*87 %.*358 of 412/ })).toBeInTheDocument();
    await user.click(within(tiles).getByRole("link", { name: /Of these, rightly/ }));
    await waitFor(() => expect(address()).toContain("/scoreboard/conversations?"));
    expect(address()).toContain("found=wrong");
    expect(await screen.findByText("put through at once", { selector: "bdi" })).toBeInTheDocument();
    expect((await screen.findAllByText("was Accounts")).length).toBeGreaterThan(0);
  });

  it("opens what was mixed up, and from there the conversation", async () => {
    const { user, address } = open("/scoreboard", { as: grace });
    await user.click(
      await screen.findByRole("link", { name: "17 thought to be for Customer service, dealt with by Accounts" }),
    );
    await waitFor(() => expect(address()).toContain("said=dep_service01"));
    expect(address()).toContain("was=dep_accounts1");
    await user.click((await screen.findAllByRole("link", { name: /was Accounts/ }))[0]!);
    await waitFor(() => expect(address()).toContain("/inbox/all/con_"));
  });

  it("has its calibration as a table too", async () => {
    open("/scoreboard", { as: grace });
    const part = await screen.findByRole("region", { name: "Is it as sure as it says?" });
    expect(within(part).getByRole("img", { name: /Confidence said/ })).toBeInTheDocument();
    expect(within(part).getByRole("row", { name: /90 to 100 %/ })).toHaveTextContent("92");
  });

  it("says what it needs when nothing is known", async () => {
    open("/scoreboard", { as: grace, settled: 0 });
    expect(await screen.findByText(/after 30 of them the first figures are worth reading/)).toBeInTheDocument();
    expect(screen.queryByRole("img")).not.toBeInTheDocument();
  });

  it("warns when little is known", async () => {
    open("/scoreboard", { as: grace, settled: 12 });
    expect(await screen.findByText(/Only 12 so far/)).toBeInTheDocument();
  });

  it("says when what was learned was found damaged, within the span it shows", async () => {
    const { user } = open("/scoreboard", { as: grace, damaged: 40 });
    await screen.findByRole("region", { name: "At a glance" });
    expect(screen.queryByText(/found damaged/)).not.toBeInTheDocument();
    await user.click(screen.getByRole("radio", { name: "90 days" }));
    expect(
      await screen.findByText(/found damaged. It was made anew from everything people corrected/),
    ).toBeInTheDocument();
  });

  it("keeps its span in the address", async () => {
    const { user, address } = open("/scoreboard", { as: grace });
    await user.click(await screen.findByRole("radio", { name: "90 days" }));
    await waitFor(() => expect(address()).toBe("/scoreboard?days=90"));
  });

  it("is offered to those who may see it", async () => {
    open("/outgoing", { as: grace });
    expect(await screen.findByRole("link", { name: "Scoreboard" })).toBeInTheDocument();
  });

  it("is not offered to others", async () => {
    open("/outgoing", { as: "per_sue000001" });
    await screen.findByRole("link", { name: "Outgoing" });
    expect(screen.queryByRole("link", { name: "Scoreboard" })).not.toBeInTheDocument();
  });
});

describe("its small parts", () => {
  it("read an address and leave out what is no filter", () => {
    expect(
      readVerdictFilter({
        days: 30,
        said: "dep_service01",
        least: "0.6",
        settled: true,
        found: "maybe",
        by: "machine",
        x: 1,
      }),
    ).toEqual({ days: 30, said: "dep_service01", least: 0.6, settled: true, by: "machine" });
    expect(readDays({ days: "90" })).toEqual({ days: 90 });
    expect(readDays({ days: 5000 })).toEqual({});
  });

  it("say shares and thresholds", () => {
    expect(percent({ n: 7, of: 8 })).toBe("88 %");
    expect(percent({ n: 0, of: 0 })).toBe("–");
    expect([threshold(undefined), threshold(0.615), threshold(1.01)]).toEqual(["usual", "62 %", "never"]);
  });

  it("show the departments with most, of many", () => {
    const ref = (i: number) => ({ id: `d${i}`, name: `D${i}` });
    const m = matrix(Array.from({ length: 20 }, (_, i) => ({ said: ref(i), was: ref(i), n: 20 - i })));
    expect([m.shown.length, m.all, m.shown[0]?.id, m.count(ref(3), ref(3)), m.count(ref(3), ref(4))]).toEqual([
      12,
      20,
      "d0",
      17,
      0,
    ]);
  });
});

describe("suggestions", () => {
  it("stand with their reasons while nobody has it", async () => {
    const { user, server } = open("/inbox/unowned/con_000000010", { as: grace });
    const group = await screen.findByRole("group", { name: "Best suited" });
    const first = within(group).getAllByRole("button")[0]!;
    expect(first).toHaveTextContent("1");
    expect(screen.getAllByText(/knows|the word/).length).toBeGreaterThan(0);
    await user.keyboard("1");
    await waitFor(() => expect(server.lastWrite?.path).toContain("/handover"));
  });
});
