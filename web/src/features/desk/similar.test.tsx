import { screen } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { open } from "@/test/render";
import "@/app/pages/inbox";

const similar = {
  conversation: "cnv_000000009", contact: { id: "con_000000009", name: "Tilda Moore", handle: "@tilda", standings: [] },
  account: { id: "acc_000000001", name: "ACME", handle: "@acme", channel: "mastodon" },
  owner: { department: { id: "dep_service01", name: "Customer service" } }, at: "2026-03-02T10:00:00Z",
  excerpt: "The drum rattles", score: 0.8, words: ["drum", "rattles"],
  answeredBy: { id: "per_bob000001", name: "Bob" }, answeredAt: "2026-03-02T10:04:00Z", seconds: 240,
}; // prettier-ignore

describe("what is similar", () => {
  it("is told with who answered it when somebody asks why", async () => {
    const { server, user } = open("/inbox/all", { as: "per_grace0001" });
    const first = [...server.conversations.values()][0]!;
    vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input, init);
      return new URL(request.url).pathname.endsWith("/similar")
        ? new Response(JSON.stringify({ items: [similar], next: "" }), {
            headers: { "Content-Type": "application/json" },
          })
        : server.fetch(request);
    });
    await user.click((await screen.findAllByText(new RegExp(first.contact.name)))[0]!);
    await user.click(await screen.findByRole("button", { name: /^Put through to/, expanded: false }));
    const link = await screen.findByRole("link", { name: /The drum rattles/ });
    expect(link).toHaveTextContent("answered by Bob in 4 min.");
    expect(link).toHaveTextContent("Both say: drum, rattles.");
    const said = screen.getByRole("region", { name: "What the last message says" });
    expect(said).toHaveTextContent("Somebody waits for an answer (93 % sure)");
    expect(said).toHaveTextContent("It is in English (98 %)");
  });
  it("says that it is to be on the safe side where nobody may be waiting", async () => {
    const { server, user } = open("/inbox/all", { as: "per_grace0001" });
    const first = [...server.conversations.values()][0]!;
    Object.assign(first.assessment!, { needs: "must", needsConfidence: 0.31 });
    await user.click((await screen.findAllByText(new RegExp(first.contact.name)))[0]!);
    await user.click(await screen.findByRole("button", { name: /^Put through to/, expanded: false }));
    const said = await screen.findByRole("region", { name: "What the last message says" });
    expect(said).toHaveTextContent("Somebody may wait for an answer (31 % sure): better look, to be on the safe side");
  });
});
