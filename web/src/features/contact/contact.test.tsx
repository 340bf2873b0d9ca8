import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Contact, Imported } from "@/api/types";
import { refuse, Refused } from "@/test/call";
import type { Pretend } from "@/test/pretend";
import { kim, kimToo, ola, PretendContacts } from "@/test/pretendContacts";
import { open, write } from "@/test/render";
import "@/app/pages/contact";

const grace = "per_grace0001"; // an administrator
const sue = "per_sue000001"; // a member

/** A page about contacts, at a server that knows these. */
function visit(address: string, { contacts, as = grace, before }: Visit = {}) {
  let known!: PretendContacts;
  const start = (server: Pretend) => {
    known = new PretendContacts(server, contacts);
    before?.(known, server);
  };
  return { ...open(address, { as, before: start }), known };
}

interface Visit {
  contacts?: Contact[];
  as?: string;
  before?: (known: PretendContacts, server: Pretend) => void;
}

/** The names in the list, in its order. */
const names = async () => {
  const lines = await within(await screen.findByRole("main")).findAllByRole("listitem");
  return lines.map((li) => within(li).getByRole("link").textContent);
};
const of = (c: Contact) => `/contacts/${c.id}`;

describe("the list of contacts", () => {
  it("says who they are, where they write from and what they are to us", async () => {
    visit("/contacts");
    const line = await screen.findByRole("link", { name: /Ola Berg/ });
    expect(line).toHaveTextContent("ola@far.example");
    expect(line).toHaveTextContent("@ola.far.example");
    expect(line).toHaveTextContent(/journalist/i);
    expect(line).toHaveAttribute("href", of(ola));
  });

  it("is searched by name or handle, narrowed, and shown whole again", async () => {
    const { user } = visit("/contacts");
    expect(await names()).toHaveLength(3);
    await write(user, screen.getByRole("searchbox", { name: "Name or handle begins with" }), "kim@");
    await waitFor(async () => expect(await names()).toHaveLength(2));
    await user.selectOptions(screen.getByRole("combobox", { name: "Standing" }), "journalist");
    expect(await screen.findByText("Nobody fits. Take a condition off.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Take all off" }));
    await waitFor(async () => expect(await names()).toHaveLength(3));
    expect(screen.getByRole("searchbox", { name: "Name or handle begins with" })).toHaveValue("");
    await user.selectOptions(screen.getByRole("combobox", { name: "Language" }), "en");
    await waitFor(async () => expect(await names()).toEqual([expect.stringContaining("Ola Berg")]));
  });

  it("says how contacts come while there is nobody", async () => {
    visit("/contacts", { contacts: [] });
    expect(await screen.findByText(/^Nobody yet\. Contacts come by themselves/)).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Take all off" })).not.toBeInTheDocument();
  });

  it("says what went wrong, and is read again when asked to", async () => {
    const { user, known } = visit("/contacts", {
      before: (c) => void (c.broken = "Too many at once: try again in a minute."),
    });
    expect(await screen.findByText("Too many at once: try again in a minute.")).toBeInTheDocument();
    known.broken = "";
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await names()).toHaveLength(3);
  });

  it("is taken in and out only by those who keep it", async () => {
    visit("/contacts", { as: sue });
    await names();
    expect(screen.queryByRole("link", { name: "Import" })).not.toBeInTheDocument();
    expect(screen.queryByRole("link", { name: "Export as CSV" })).not.toBeInTheDocument();
  });
});

describe("a contact", () => {
  it("is changed field by field, and keeps what was written when the server refuses it", async () => {
    const { user, known, server } = visit(of(kim));
    const field = await screen.findByRole("textbox", { name: "Fields of your own" });
    expect(field).toHaveValue("Customer number: 4711");
    expect(screen.getByRole("button", { name: "Save" })).toBeDisabled();
    await user.clear(field);
    await write(user, field, "Customer number: 4712\nTime: 10:30\nno name given");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText("Saved.");
    expect(known.contact(kim.id).fields).toEqual({ "Customer number": "4712", Time: "10:30", "no name given": "" });

    server.over("PATCH", "contacts/:", () =>
      refuse(422, "Look at the fields.", [{ location: "body.name", message: "this name is too long" }]),
    );
    await write(user, screen.getByRole("textbox", { name: "Name" }), " the Longest");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("this name is too long")).toBeInTheDocument();
    expect(screen.getByRole("textbox", { name: "Name" })).toHaveValue("Kim Larsen the Longest");
  });

  it("is merged into the one that is kept, and parted again", async () => {
    const { user, known, server, address } = visit(of(kim));
    await user.click(await screen.findByRole("button", { name: "Merge" }));
    const dialogue = within(await screen.findByRole("dialog"));
    expect(dialogue.getByRole("button", { name: "Merge" })).toBeDisabled();
    await write(user, dialogue.getByLabelText("Find the other contact"), "ola");
    expect(dialogue.queryByRole("button", { name: /^Kim Larsen/ })).not.toBeInTheDocument(); // not with oneself
    await user.click(await dialogue.findByRole("button", { name: /^Ola Berg/ }));
    await user.click(await dialogue.findByRole("radio", { name: "Ola Berg – the other" }));
    await user.click(dialogue.getByRole("button", { name: "Merge" }));
    expect(await screen.findByText("Merged: 2 conversations moved.")).toBeInTheDocument();
    expect(server.lastWrite).toMatchObject({ path: `/api/contacts/${ola.id}/merge`, body: { other: kim.id } });
    await waitFor(() => expect(address()).toBe(of(ola)));

    const merged = within(await screen.findByRole("region", { name: "Merged into this contact" }));
    expect(merged.getByText("Kim Larsen")).toBeInTheDocument();
    await user.click(merged.getByRole("button", { name: "Undo" }));
    expect(await screen.findByText("They are two contacts again.")).toBeInTheDocument();
    await waitFor(() => expect(screen.queryByText("Merged into this contact")).not.toBeInTheDocument());
    expect(known.contact(kim.id).name).toBe("Kim Larsen");
  });

  it("keeps what a merge brought when it is saved, and what was being changed meanwhile", async () => {
    const { user, known, server } = visit(of(kim), {
      contacts: [
        { ...kim, note: "Call before noon." },
        { ...ola, note: "Writes for the Tagblatt.", fields: { Desk: "Trade" } },
      ],
    });
    await write(user, await screen.findByRole("textbox", { name: "Name" }), "-Berg");
    await user.click(screen.getByRole("button", { name: "Merge" }));
    const dialogue = within(await screen.findByRole("dialog"));
    await write(user, dialogue.getByLabelText("Find the other contact"), "ola");
    await user.click(await dialogue.findByRole("button", { name: /^Ola Berg/ }));
    await user.click(dialogue.getByRole("button", { name: "Merge" }));
    const note = "Call before noon.\n\nWrites for the Tagblatt.";
    await waitFor(() => expect(screen.getByRole("textbox", { name: "What to know about them" })).toHaveValue(note));
    expect(screen.getByRole("textbox", { name: "Fields of your own" })).toHaveValue(
      "Desk: Trade\nCustomer number: 4711",
    );
    expect(screen.getByRole("textbox", { name: "Name" })).toHaveValue("Kim Larsen-Berg");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText("Saved.");
    expect(server.lastWrite?.body).toEqual({ name: "Kim Larsen-Berg" });
    expect(known.contact(kim.id)).toMatchObject({ name: "Kim Larsen-Berg", note, fields: { Desk: "Trade" } });
    await waitFor(() => expect(screen.getByRole("button", { name: "Save" })).toBeDisabled());
  });

  it("keeps itself, when nothing else is chosen", async () => {
    const { user, server } = visit(of(kim), { before: suspected });
    await user.click(await screen.findByRole("button", { name: "The same: merge" }));
    const dialogue = within(await screen.findByRole("dialog"));
    expect(dialogue.getByRole("radio", { name: "Kim Larsen – this one" })).toBeChecked();
    await user.click(dialogue.getByRole("button", { name: "Merge" }));
    await waitFor(() => expect(server.lastWrite?.path).toBe(`/api/contacts/${kim.id}/merge`));
    expect(server.lastWrite?.body).toEqual({ other: kimToo.id });
  });

  it("is told who it may be, and why, and that it is not", async () => {
    const { user, server } = visit(of(kim), { before: suspected });
    const section = within(await screen.findByRole("region", { name: "Perhaps the same person" }));
    expect(section.getByText("the same name; one telephone number")).toBeInTheDocument();
    await user.click(section.getByRole("button", { name: "Not the same" }));
    expect(await screen.findByText("Noted: not the same person.")).toBeInTheDocument();
    await waitFor(() => expect(screen.queryByText("Perhaps the same person")).not.toBeInTheDocument());
    expect(server.lastWrite?.body).toEqual({ other: kimToo.id });
  });

  it("gives one of its handles away, to a contact of its own", async () => {
    const { user, known } = visit(of(ola));
    await user.click(await screen.findByRole("button", { name: "Split off @ola.far.example" }));
    const dialogue = within(await screen.findByRole("dialog", { name: "Split off @ola.far.example?" }));
    await user.click(dialogue.getByRole("button", { name: "Split off" }));
    expect(await screen.findByText("Ola is a contact of its own now, with 1 conversation.")).toBeInTheDocument();
    await waitFor(() => expect(screen.queryByRole("button", { name: /^Split off/ })).not.toBeInTheDocument());
    expect(known.contact(ola.id).identities).toHaveLength(1);
  });

  it("that was merged meanwhile leads to the one that was kept", async () => {
    const { address } = visit(of(kim), {
      before: (_, server) =>
        server.over("GET", "contacts/:", ({ path }) => {
          if (path[1] === kim.id) {
            throw new Refused(410, {
              status: 410,
              title: "Gone",
              detail: "It was merged.",
              instance: `/api${of(ola)}`,
            });
          }
          return ola;
        }),
    });
    expect(await screen.findByRole("heading", { name: "Ola Berg", level: 1 })).toBeInTheDocument();
    expect(address()).toBe(of(ola));
    expect(screen.getByText(/was merged with another: you are at the one that was kept/)).toBeInTheDocument();
  });

  it("is erased only by who types its name", async () => {
    const { user, known, address } = visit(of(kim));
    await user.click(await screen.findByRole("button", { name: "Erase" }));
    const dialogue = within(await screen.findByRole("dialog", { name: "Erase Kim Larsen" }));
    expect(dialogue.getByText(/This can't be undone/)).toBeInTheDocument();
    const deed = dialogue.getByRole("button", { name: "Erase for good" });
    expect(deed).toBeDisabled();
    await write(user, dialogue.getByRole("textbox"), "kim larsen");
    expect(deed).toBeDisabled();
    await user.clear(dialogue.getByRole("textbox"));
    await write(user, dialogue.getByRole("textbox"), "Kim Larsen");
    await user.click(deed);
    expect(await screen.findByText("Erased.")).toBeInTheDocument();
    await waitFor(() => expect(address()).toBe("/contacts"));
    expect(await names()).toHaveLength(2);
    expect(known.all.has(kim.id)).toBe(false);
  });

  it("has what it agreed to noted, with how that can be shown", async () => {
    const { user, server } = visit(of(kim));
    expect(await screen.findByText("Nothing noted.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Note" }));
    const dialogue = within(await screen.findByRole("dialog"));
    expect(dialogue.getByLabelText(/How it can be shown/)).toBeRequired();
    await write(user, dialogue.getByLabelText(/What for/), "Newsletter");
    await user.click(dialogue.getByRole("radio", { name: "They took it back, or said no" }));
    expect(dialogue.getByLabelText(/How it can be shown/)).not.toBeRequired(); // who says no owes no proof
    await user.click(dialogue.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("taken back")).toBeInTheDocument();
    expect(server.lastWrite?.body).toEqual({ purpose: "Newsletter", proof: "", given: false });
  });

  it("is only read by who may do no more", async () => {
    visit(of(kim), { contacts: [{ ...kim, can: [], note: "Prefers to be called." }], as: sue });
    expect(await screen.findByText("Prefers to be called.")).toBeInTheDocument();
    for (const name of ["Save", "Merge", "Note", "Erase"]) {
      expect(screen.queryByRole("button", { name })).not.toBeInTheDocument();
    }
  });
});

const suspected = (known: PretendContacts) =>
  void known.suspects.set(kim.id, [
    { id: kimToo.id, name: kimToo.name, identities: kimToo.identities, standings: [], score: 8, reasons: ["the same name", "one telephone number"] },
  ]); // prettier-ignore

const plan = {
  header: ["Who", "Mail", "Colour"],
  mapping: ["name", "email", ""],
  sample: [["Kim Larsen", "kim@far.example", "red"], ["Una", "una@", "blue"]],
  new: 1, changed: 1, same: 0, wrong: 1, kept: false,
  lines: [
    { line: 2, name: "Kim Larsen", deed: "changed" },
    { line: 3, name: "Jo", deed: "new" },
    { line: 4, name: "Una", deed: "wrong", why: "“una@” is no mail address" },
  ],
} as Imported; // prettier-ignore

/** A file as a browser hands it over; the one of the tests cannot be read by itself. */
function csv(text: string, name = "list.csv"): File {
  const file = new File([text], name, { type: "text/csv" });
  return Object.assign(file, { arrayBuffer: () => Promise.resolve(new TextEncoder().encode(text).buffer) });
}

/** Chooses a file on the page. */
async function choose(user: ReturnType<typeof visit>["user"], file = csv("Who,Mail\n")) {
  await screen.findByRole("button", { name: "Choose a file" });
  await user.upload(document.querySelector<HTMLInputElement>("input[type=file]")!, file);
}

describe("an import", () => {
  it("shows what would happen, with what is wrong, before anything does", async () => {
    const { user, server } = visit("/contacts/import", { before: (c) => void (c.plan = plan) });
    await choose(user);
    expect(await screen.findByText("1 new, 1 with something new, 0 unchanged, 1 that can't be taken in.")).toBeInTheDocument();
    expect(screen.getByRole("row", { name: /^4 Una/ })).toHaveTextContent("can't be taken in: “una@” is no mail address");
    expect(server.writes.map((w) => w.body["keep"])).toEqual([false]);

    await user.selectOptions(screen.getByRole("combobox", { name: "Colour holds" }), "A field of your own");
    await waitFor(() => expect(server.lastWrite?.body).toMatchObject({ keep: false, mapping: ["name", "email", "field:Colour"] }));

    await user.click(await screen.findByRole("button", { name: "Import 2 contacts" }));
    expect(await screen.findByText("Imported.")).toBeInTheDocument();
    expect(server.lastWrite?.body).toMatchObject({ keep: true, mapping: ["name", "email", "field:Colour"], data: btoa("Who,Mail\n") });
    expect(screen.queryByRole("button", { name: /^Import 2/ })).not.toBeInTheDocument(); // not twice
  }); // prettier-ignore

  it("says when there is nothing to import", async () => {
    const { user } = visit("/contacts/import", { before: (c) => void (c.plan = { ...plan, new: 0, changed: 0, same: 2, wrong: 0 }) });
    await choose(user);
    expect(await screen.findByRole("button", { name: "There is nothing to import" })).toBeDisabled();
  }); // prettier-ignore

  it("says what is to be chosen when the columns do not say who somebody is", async () => {
    const { user } = visit("/contacts/import", { before: (c) => void (c.plan = { ...plan, problem: "Choose the column that holds the e-mail address." }) });
    await choose(user);
    expect(await screen.findByText("Choose the column that holds the e-mail address.")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: /^Import/ })).not.toBeInTheDocument();
  }); // prettier-ignore

  it("of a file that cannot be read offers nothing, not even the list before it", async () => {
    const { user, known } = visit("/contacts/import", { before: (c) => void (c.plan = plan) });
    await choose(user);
    await screen.findByRole("button", { name: "Import 2 contacts" });
    known.plan = undefined;
    await choose(user, csv("\u0000", "picture.csv"));
    expect(await screen.findByText("This is no list: choose a CSV file.")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: /^Import/ })).not.toBeInTheDocument();
  });

  it("of a file that is too large asks nobody", async () => {
    const { user, server } = visit("/contacts/import");
    await choose(user, csv("x".repeat(5_000_001)));
    expect(await screen.findByText("The file is larger than 5 MB: split it.")).toBeInTheDocument();
    expect(server.writes).toEqual([]);
  });
});
