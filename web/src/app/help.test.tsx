import { waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import "@/app/pages/accounts";
import "@/app/pages/answers";
import "@/app/pages/notify";
import "@/app/pages/policy";
import "@/app/pages/settings";
import "@/app/pages/setup";
import "@/app/pages/staff";
import "@/app/pages/topics";
import { open, write } from "@/test/render";
import { more } from "@/test/screens";
import { nameOf } from "./onPage";

const grace = "per_grace0001"; // an administrator

/** What needs no word: what everybody has filled in somewhere else a hundred times. */
const selfEvident = [
  /^(Your )?[Nn]ame$/,
  /^Name of the (company|holiday)$/,
  /^(Your )?[Ee]-mail$/,
  /^Date of the holiday$/,
  /^\w+day, (from|to)$/, // hours of a weekday
  /^(Here|Away)$/, // what it does stands above it
  /^(Search|Find) /, // a search field, not a setting
];

/** The fields of settings on the screen: in the dialogue, if one is open. */
function fields(): HTMLElement[] {
  const dialogues = [...document.querySelectorAll("[aria-modal=true]")];
  const within = dialogues.at(-1) ?? document.querySelector("main") ?? document.body;
  return [...within.querySelectorAll<HTMLElement>("input, select, textarea")].filter(
    (f) => !f.matches("[type=hidden], [type=file], [type=search], [readonly]") || f.matches("[aria-haspopup=listbox]"),
  );
}

/** Whether a text that is there stands behind the field, or behind the group of choices it is one of. */
function isDescribed(field: HTMLElement): boolean {
  const groups = [field, field.closest("[role=radiogroup]"), field.closest("[role=group]")];
  const ids = groups.flatMap((el) => el?.getAttribute("aria-describedby")?.split(" ") ?? []);
  return ids.some((id) => document.getElementById(id)?.textContent?.trim());
}

const undescribed = () => [
  ...new Set(fields().filter((f) => !isDescribed(f)).map(nameOf).filter((name) => !selfEvident.some((e) => e.test(name)))),
]; // prettier-ignore

/** A button by its words, as soon as it is there. */
async function button(words: string): Promise<HTMLElement> {
  const find = () => [...document.querySelectorAll<HTMLElement>("button, a")].find((b) => nameOf(b).startsWith(words));
  await waitFor(() => expect(find(), words).toBeDefined(), { timeout: 4000 });
  return find()!;
}

/** Each form of settings: where it is, and what is pressed to have it before one. */
const forms: [address: string, ...pressed: string[]][] = [
  ["/settings"],
  ["/settings/language-model"],
  ["/settings/mail"],
  ["/settings/chat", "Add a room"],
  ["/settings/keys", "Make a key"],
  ["/me"],
  ["/me/notifications"],
  ["/people", "Invite"],
  ["/people/per_bob000001"],
  ["/departments", "Add a department"],
  ["/departments/dep_service01"],
  ["/accounts/acc_mastodon1"],
  ["/accounts/new", "Mastodon"],
  ["/map", "Edit the map"],
  ["/rules", "Edit “Recalls”"],
  ["/topics", "Add a topic"],
  ["/answers/new"],
  ["/saved-replies", "New saved reply"],
];

describe.each(forms)("the settings at %s", (address, ...pressed) => {
  it("have a word of help each", async () => {
    const { user } = open(address, { as: grace, before: more });
    for (const words of pressed) {
      await user.click(await button(words));
    }
    await waitFor(() => expect(fields().length).toBeGreaterThan(0), { timeout: 4000 });
    expect(undescribed()).toEqual([]);
  });
});

it("the set-up has a word of help with each question", async () => {
  window.history.replaceState(null, "", "/setup#one-time-token");
  const { user } = open("/setup", { needsSetup: true });
  await waitFor(() => expect(fields()).toHaveLength(3));
  expect(undescribed()).toEqual([]);
  for (const [i, text] of ["Grace Okafor", "grace@acme.example", "a long password"].entries()) {
    await write(user, fields()[i]!, text);
  }
  await user.click(await button("Next"));
  await waitFor(() => expect(document.querySelector("input[type=url]")).not.toBeNull());
  expect(undescribed()).toEqual([]);
  window.history.replaceState(null, "", "/");
});
