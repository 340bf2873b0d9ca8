import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import "@/app/KeyHelp";
import "@/app/pages/accounts";
import "@/app/pages/answers";
import "@/app/pages/board";
import "@/app/pages/contact";
import "@/app/pages/insight";
import "@/app/pages/notify";
import "@/app/pages/outgoing";
import "@/app/pages/policy";
import "@/app/pages/posts";
import "@/app/pages/promises";
import "@/app/pages/search";
import "@/app/pages/settings";
import "@/app/pages/staff";
import "@/app/pages/topics";
import { open } from "@/test/render";
import { more } from "@/test/screens";
import { own, places, views } from "./goto";
import { nameOf } from "./onPage";

const grace = "per_grace0001"; // an administrator: who has everything on the screen that there is

/** Every screen there is. */
const screens = [
  "/inbox/all",
  "/inbox/all/con_000000001",
  "/inbox/asked",
  "/incidents/inc_000000001",
  "/search",
  "/board",
  "/posts",
  "/promises",
  "/outgoing",
  "/answers",
  "/answers/ans_refund001",
  "/answers/new",
  "/saved-replies",
  "/accounts",
  "/accounts/acc_mastodon1",
  "/accounts/new",
  "/departments",
  "/departments/dep_service01",
  "/map",
  "/rules",
  "/topics",
  "/contacts",
  "/contacts/cnt_kim000001",
  "/contacts/import",
  "/people",
  "/people/per_bob000001",
  "/scoreboard",
  "/scoreboard/conversations",
  "/settings",
  "/settings/keys",
  "/settings/language-model",
  "/settings/mail",
  "/settings/chat",
  "/notifications",
  "/me/notifications",
  "/me",
];

/** What a selector finds, as soon as it finds something: roles are looked for much more slowly in a page as full as these. */
async function all(selector: string) {
  await waitFor(() => expect(document.querySelector(selector), selector).not.toBeNull(), { timeout: 5000 });
  return [...document.querySelectorAll<HTMLElement>(selector)];
}

async function gone(selector: string) {
  await waitFor(() => expect(document.querySelector(selector) === null, `${selector} is still there`).toBe(true));
}

describe.each(screens)("the keys of %s", (address) => {
  it("are each for one thing, and stand in the help; the rest stands in the palette", async () => {
    const { user } = open(address, { as: grace, before: more });
    await all("#content h1, #content h2");
    await gone("#content [aria-busy=true], #content .mantine-Skeleton-root");
    const shown = (await all("[aria-keyshortcuts], [data-keys]")).map(
      (el) => el.dataset["keys"] ?? el.getAttribute("aria-keyshortcuts")!.replace("Control+", "mod+"),
    );
    const buttons = [...document.querySelectorAll<HTMLElement>("#content button:not(:disabled)")]
      .filter((b) => !b.closest("[aria-hidden=true], [data-conversation]"))
      .map(nameOf);
    (document.activeElement as HTMLElement | null)?.blur();

    await user.keyboard("?");
    const lines = (await all("[role=dialog] dl > div")).map((line) => ({
      name: line.querySelector("dt")!.textContent,
      key: line.querySelector(".sr")!.textContent,
    }));
    const keys = lines.map((l) => l.key);
    const twice = lines.filter((l, i) => keys.indexOf(l.key) !== i);
    expect(twice, "a key stands for two things").toEqual([]);
    expect(shown.filter((key) => !keys.includes(key)), "a key on the screen is not in the help").toEqual([]); // prettier-ignore
    expect(lines.filter((l) => !l.name)).toEqual([]);

    await user.keyboard("{Escape}");
    await gone("[role=dialog]");
    await user.keyboard("{Control>}k{/Control}");
    const offered = (await all("#palette [role=option]")).map((o) => o.textContent);
    expect(buttons.filter((name) => !offered.some((o) => o.includes(name)))).toEqual([]);
    expect(buttons, "a button without a name").not.toContain("");
  });
});

it("goes to every screen of the navigation by keys", async () => {
  const { user } = open("/inbox/all", { as: grace, before: more });
  const navigation = (await screen.findAllByRole("navigation", { name: "Main" }))[0]!;
  await within(navigation).findByText("Customer service");
  const links = within(navigation)
    .getAllByRole("link")
    .map((a) => a.getAttribute("href")!.split("?")[0]);
  const keyed = [...views.map((v) => `/inbox/${v.view}`), ...places.map((p) => p.to), ...own.map((p) => p.to)];
  expect(links.filter((to) => !keyed.includes(to as (typeof keyed)[number]))).toEqual([]);
  // The departments are the list of all, narrowed: they stand in the palette by their names.
  await user.keyboard("{Control>}k{/Control}");
  expect(await screen.findByRole("option", { name: /Conversations of Customer service/ })).toBeInTheDocument();
});
