import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import type { AnswerEntry, SavedReply } from "@/api/types";
import { refuse } from "@/test/call";
import type { Pretend } from "@/test/pretend";
import { PretendAnswers, refund, warranty } from "@/test/pretendAnswers";
import { open, write } from "@/test/render";
import "@/app/pages/answers";

const grace = "per_grace0001"; // an administrator

interface Visit {
  entries?: AnswerEntry[];
  before?: (library: PretendAnswers, server: Pretend) => void;
}

/** A page of the library, at a server with these entries. */
function visit(address: string, { entries, before }: Visit = {}) {
  let library!: PretendAnswers;
  const start = (server: Pretend) => {
    library = new PretendAnswers(server, entries);
    before?.(library, server);
  };
  return { ...open(address, { as: grace, before: start }), library };
}

const of = (a: AnswerEntry) => `/answers/${a.id}`;
const titles = async () =>
  within(await screen.findByRole("list", { name: "Answers" }))
    .getAllByRole("link")
    .map((a) => a.textContent);

beforeEach(() => localStorage.clear()); // drafts of answers are kept there

describe("the library of answers", () => {
  it("says of each to whom it may be said, how it is used and whether it should be looked at", async () => {
    visit("/answers");
    const [first, second] = within(await screen.findByRole("list", { name: "Answers" })).getAllByRole("listitem");
    expect(first).toHaveTextContent("How long is the guarantee?");
    expect(first).toHaveTextContent("In public");
    expect(first).toHaveTextContent("used 12 times, 3 with other words");
    expect(first).toHaveTextContent("+4 −1");
    expect(second).toHaveTextContent("Inside only");
    expect(second).toHaveTextContent("Only for Accounts");
    expect(second).toHaveTextContent("Due for review");
    expect(second).toHaveTextContent("not used yet");
  }); // prettier-ignore

  it("is searched and narrowed; the address says by what, and one way leads back", async () => {
    const { user, address } = visit("/answers");
    await write(user, await screen.findByRole("searchbox", { name: "Search the answers" }), "money");
    await waitFor(async () => expect(await titles()).toEqual([refund.title]));
    expect(address()).toBe("/answers?q=money");
    await user.click(screen.getByRole("combobox", { name: "May be said" }));
    await user.click(await screen.findByRole("option", { name: "In public" }));
    expect(await screen.findByText("No answer is like that.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Show all" }));
    await waitFor(async () => expect(await titles()).toHaveLength(2));
    expect(screen.getByRole("searchbox", { name: "Search the answers" })).toHaveValue("");
  });

  it("leads to what is due, and to one's own of it", async () => {
    const { user, address } = visit("/answers");
    expect(await screen.findByText("1 answer of yours should be looked at.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Show mine" }));
    await waitFor(async () => expect(await titles()).toEqual([refund.title]));
    expect(address()).toContain("view=review");
    expect(screen.getByRole("radio", { name: "To review (1)" })).toBeChecked();
  });

  it("says how answers come while there is none, and that nothing is due or archived", async () => {
    const { user } = visit("/answers", { entries: [] });
    expect(await screen.findByText("No answers yet.")).toBeInTheDocument();
    await user.click(screen.getByRole("radio", { name: "To review (0)" }));
    expect(await screen.findByText(/^Nothing to review/)).toBeInTheDocument();
    await user.click(screen.getByRole("radio", { name: "Archived" }));
    expect(await screen.findByText("Nothing is archived.")).toBeInTheDocument();
  });

  it("says what went wrong, and is read again when asked to", async () => {
    const { user, server } = visit("/answers", {
      before: (_, server) => server.over("GET", "answers", () => refuse(429, "Too many at once: try again in a minute.")),
    });
    expect(await screen.findByText("Too many at once: try again in a minute.")).toBeInTheDocument();
    new PretendAnswers(server);
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await titles()).toHaveLength(2);
  }); // prettier-ignore
});

describe("an answer", () => {
  it("is read in each language, with what is filled in by itself and by hand", async () => {
    const { user } = visit(of(warranty));
    expect(await screen.findByText("Filled in by themselves: contact.first_name")).toBeInTheDocument();
    expect(screen.getByText("To be filled in by hand: number")).toBeInTheDocument();
    await user.click(screen.getByRole("tab", { name: "German" }));
    expect((await screen.findAllByText("Zwei Jahre."))[0]!.closest("[lang]")).toHaveAttribute("lang", "de");
  });

  it("is given a thumb, the other one, and none", async () => {
    const { user, library } = visit(of(warranty));
    const up = () => screen.getByRole("button", { name: /^This helps/ });
    const down = () => screen.getByRole("button", { name: /^This does not help/ });
    await user.click(await screen.findByRole("button", { name: "This helps: 4" }));
    await waitFor(() => expect(up()).toHaveAccessibleName("This helps: 5"));
    expect(up()).toHaveAttribute("aria-pressed", "true");
    await waitFor(() => expect(down()).toBeEnabled());
    await user.click(down());
    await waitFor(() => expect(down()).toHaveAccessibleName("This does not help: 2"));
    expect(up()).toHaveAccessibleName("This helps: 4");
    await waitFor(() => expect(down()).toBeEnabled());
    await user.click(down());
    await waitFor(() => expect(down()).toHaveAttribute("aria-pressed", "false"));
    expect(library.entry(warranty.id)).toMatchObject({ up: 4, down: 1, thumb: "none" });
  });

  it("that is due is found still right, and no more due", async () => {
    const { user } = visit(of(refund));
    expect(await screen.findByText("Due for review")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: /Still right/ }));
    expect(await screen.findByText("Noted. The next look is in a year.")).toBeInTheDocument();
    await waitFor(() => expect(screen.queryByText("Due for review")).not.toBeInTheDocument());
    expect(screen.queryByRole("button", { name: /Still right/ })).not.toBeInTheDocument();
  });

  it("is archived, and brought back by undo", async () => {
    const { user, library } = visit(of(warranty));
    await user.click(await screen.findByRole("button", { name: /^Archive/ }));
    expect(await screen.findByText("This answer is archived: it is not offered.")).toBeInTheDocument();
    await user.click(within(screen.getByRole("region", { name: "Notices" })).getByRole("button", { name: "Undo" }));
    await waitFor(() => expect(screen.queryByText(/is archived: it is not offered/)).not.toBeInTheDocument());
    expect(library.entry(warranty.id).archivedAt).toBeUndefined();
  });

  it("has a history, out of which an older version is put in place again", async () => {
    const old = { language: "en", title: "How long?", body: "One year.", html: "<p>One year.</p>", plain: "One year.", variables: [], unknown: [] };
    const { user } = visit(of(warranty), {
      before: (library) =>
        library.versions.push(
          { number: 3, at: warranty.changedAt, deed: "changed", audience: "public", owner: warranty.owner, texts: warranty.texts, person: { id: grace, name: "Grace Hall" } },
          { number: 2, at: warranty.createdAt, deed: "added", audience: "public", owner: warranty.owner, texts: [old] },
        ),
    });
    const history = within(await screen.findByRole("region", { name: "History" }));
    await user.click(history.getByRole("button", { name: "Show" }));
    expect(await history.findByText(/changed by Grace Hall/)).toBeInTheDocument();
    expect(history.queryByRole("button", { name: "Restore version 3" })).not.toBeInTheDocument(); // it is in place
    await user.click(history.getByRole("button", { name: "Show version 2" }));
    expect((await history.findAllByText("One year.")).length).toBeGreaterThan(0);
    await user.click(history.getByRole("button", { name: "Restore version 2" }));
    expect(await screen.findByText("Version 2 is in place again.")).toBeInTheDocument();
    expect(await screen.findByRole("heading", { name: "How long?", level: 1 })).toBeInTheDocument();
  }); // prettier-ignore

  it("is only read by who may not change it", async () => {
    visit(of(warranty), { entries: [{ ...warranty, can: [] }] });
    expect(await screen.findByRole("heading", { name: warranty.title, level: 1 })).toBeInTheDocument();
    for (const name of [/^Edit/, /^Archive/, /^This helps/]) {
      expect(screen.queryByRole("button", { name })).not.toBeInTheDocument();
    }
  });
});

describe("an answer that is written", () => {
  it("is kept with its audience and its day, and shown", async () => {
    const { user, server, address } = visit("/answers/new");
    const save = await screen.findByRole("button", { name: "Save" });
    expect(save).toBeDisabled();
    await write(user, screen.getByRole("textbox", { name: /^Title/ }), "Do you ship to Norway?");
    await write(user, screen.getByRole("textbox", { name: /^Answer/ }), "Yes, within a week.");
    await user.selectOptions(screen.getByRole("combobox", { name: "To whom it may be said" }), "In private only: it warns in public");
    await write(user, screen.getByRole("combobox", { name: /^Tags/ }), "shipping");
    await user.keyboard("{Enter}");
    await user.click(save);
    expect(await screen.findByText("Kept. It is offered from now on.")).toBeInTheDocument();
    expect(server.writes.find((w) => w.path === "/api/answers")?.body).toMatchObject({
      audience: "private", tags: ["shipping"], reviewAt: expect.stringMatching(/^\d{4}-/) as string,
      texts: [{ language: "en", title: "Do you ship to Norway?", body: "Yes, within a week." }],
    });
    await waitFor(() => expect(address()).toMatch(/^\/answers\/ans_/));
    expect(await screen.findByRole("heading", { name: "Do you ship to Norway?", level: 1 })).toBeInTheDocument();
  }); // prettier-ignore

  it("says at the field what the server does not take, and keeps what was written", async () => {
    const { user } = visit("/answers/new", {
      before: (_, server) => server.over("POST", "answers", () => refuse(422, "Look at the fields.", [{ location: "body.texts", message: "this title is taken" }])),
    });
    await write(user, await screen.findByRole("textbox", { name: /^Title/ }), "Again");
    await write(user, screen.getByRole("textbox", { name: /^Answer/ }), "Words.");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("this title is taken")).toBeInTheDocument();
    expect(screen.getByRole("textbox", { name: /^Answer/ })).toHaveValue("Words.");
  }); // prettier-ignore

  it("is still there when the page went before it was saved, and gone when it was given up", async () => {
    const first = visit("/answers/new");
    await write(first.user, await screen.findByRole("textbox", { name: /^Title/ }), "Half a question");
    first.page.unmount();
    const { user } = visit("/answers/new");
    expect(await screen.findByRole("textbox", { name: /^Title/ })).toHaveValue("Half a question");
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    await titles();
    await user.click(screen.getByRole("link", { name: "New answer" }));
    expect(await screen.findByRole("textbox", { name: /^Title/ })).toHaveValue("");
  });

  it("is not lost to somebody who saved first: theirs is shown, and one chooses", async () => {
    const { user, library } = visit(of(refund));
    await user.click(await screen.findByRole("button", { name: /^Edit/ }));
    const body = await screen.findByRole("textbox", { name: /^Answer/ });
    await user.clear(body);
    await write(user, body, "Within five days.");
    const theirs = { ...refund.texts[0]!, body: "Within three days.", html: "<p>Within three days.</p>", plain: "Within three days." };
    library.set(refund.id, { version: 4, texts: [theirs], changedBy: { id: "per_sue000001", name: "Sue Marsh" } });
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText(/Sue Marsh has changed this answer meanwhile/)).toBeInTheDocument();
    expect(screen.getAllByText("Within three days.").length).toBeGreaterThan(0);
    await user.click(screen.getByRole("button", { name: "Save mine over theirs" }));
    expect(await screen.findByText("Saved.")).toBeInTheDocument();
    expect(library.entry(refund.id)).toMatchObject({ version: 5, texts: [{ body: "Within five days." }] });
  }); // prettier-ignore

  it("takes a second language, and gives it up again", async () => {
    const { user, library } = visit(of(refund));
    await user.click(await screen.findByRole("button", { name: /^Edit/ }));
    await user.click(await screen.findByRole("button", { name: "Add a language" }));
    expect(screen.getByRole("button", { name: "Save" })).toBeDisabled(); // nothing is written in it yet
    await user.click(screen.getByRole("button", { name: /^Remove / }));
    expect(screen.getByRole("textbox", { name: /^Title/ })).toHaveValue(refund.title);
    await user.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText("Saved.");
    expect(library.entry(refund.id).languages).toEqual(["en"]);
  });

  it("of a reply says what was taken out, and puts it back when asked to", async () => {
    const { user } = visit("/answers/new?message=msg_1", { before: (library) => void (library.proposed = kept) });
    expect(await screen.findByText("Taken out, as it says who somebody is")).toBeInTheDocument();
    expect(screen.getByText("“4711” was left out")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Put back “Kim”" }));
    expect(screen.getByRole("textbox", { name: /^Answer/ })).toHaveValue("Dear Kim, two years.");
  });
});

const kept = {
  department: { id: "dep_service01", name: "Customer service" }, audience: "public", intents: [], topics: [], reviewAt: "2027-01-10T00:00:00Z",
  text: { language: "en", title: "Guarantee", body: "Dear {{contact.first_name}}, two years.", html: "", plain: "", variables: [], unknown: [] },
  marks: [{ words: "Kim", instead: "{{contact.first_name}}" }, { words: "4711", instead: "" }],
} as unknown as NonNullable<PretendAnswers["proposed"]>; // prettier-ignore

const greeting: SavedReply = {
  id: "sav_greet0001", name: "A greeting", shortcut: "hello", text: "Hello {{contact.first_name}}", language: "en", own: true, deeds: [{ do: "tag", tags: ["greeted"] }],
  moment: "send", used: 2, edited: 0, version: 1, changedAt: "2026-11-01T10:00:00Z", can: ["change"],
}; // prettier-ignore

/** The page of saved replies, at a server with these. */
function saved(list: SavedReply[]) {
  return visit("/saved-replies", {
    before: (_, server) => {
      server.over("GET", "saved-replies", () => ({ items: list, next: "" }));
      server.over("POST", "saved-replies", ({ body }) => {
        list.push({ ...greeting, id: `sav_${list.length}`, ...(body as object) });
        return list.at(-1);
      });
      server.over("DELETE", "saved-replies/:", ({ path }) => void list.splice(list.findIndex((s) => s.id === path[1]), 1));
    },
  });
} // prettier-ignore

describe("saved replies", () => {
  it("are made with a shortcut and a deed, and teach while there is none", async () => {
    const { user, server } = saved([]);
    expect(await screen.findByText("No saved replies yet.")).toBeInTheDocument();
    await user.click(screen.getAllByRole("button", { name: "New saved reply" })[0]!);
    const dialogue = within(await screen.findByRole("dialog"));
    await write(user, dialogue.getByLabelText(/^Name/), "Closing line");
    await write(user, dialogue.getByLabelText(/^Shortcut/), "/bye");
    await user.selectOptions(dialogue.getByRole("combobox", { name: "Add a deed" }), "Close");
    await user.click(dialogue.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("Saved.")).toBeInTheDocument();
    // Without words it can only act at once.
    expect(server.lastWrite?.body).toMatchObject({ own: true, shortcut: "bye", name: "Closing line", deeds: [{ do: "close" }], moment: "now" });
    expect(await screen.findByText("/bye")).toBeInTheDocument();
  }); // prettier-ignore

  it("are removed, and come back by undo", async () => {
    const { user } = saved([greeting]);
    await user.click(await screen.findByRole("button", { name: "Edit “A greeting”" }));
    await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Remove" }));
    expect(await screen.findByText("No saved replies yet.")).toBeInTheDocument();
    await user.click(within(screen.getByRole("region", { name: "Notices" })).getByRole("button", { name: "Undo" }));
    expect(await screen.findByText("/hello")).toBeInTheDocument();
  });

  it("of others are only shown to who may not change them", async () => {
    const { user } = saved([{ ...greeting, own: false, can: [] }]);
    await user.click(await screen.findByRole("button", { name: "Show “A greeting”" }));
    const dialogue = within(await screen.findByRole("dialog"));
    expect(dialogue.getByLabelText(/^Name/)).toBeDisabled();
    expect(dialogue.queryByRole("button", { name: "Save" })).not.toBeInTheDocument();
  });
});
