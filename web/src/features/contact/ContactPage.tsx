import { Button, Group, MultiSelect, Stack, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { answer, api } from "@/api/client";
import { contactQuery } from "@/api/queries";
import type { Contact, Row } from "@/api/types";
import { firstVisible, safeHref } from "@/lib/text";
import { say, sayOr } from "@/lib/words";
import { Async, Empty } from "@/ui/Async";
import { ChannelGlyph } from "@/ui/ChannelGlyph";
import { Chip } from "@/ui/Chip";
import { Due, When } from "@/ui/Due";
import { Face } from "@/ui/Face";
import { fieldErrors, required } from "@/ui/form";
import { Page, Section } from "@/ui/Page";
import { useDo } from "@/ui/useDo";
import styles from "./Contact.module.css";

const standings = [
  "customer",
  "prospect",
  "journalist",
  "influencer",
  "partner",
  "candidate",
  "stakeholder",
  "advocate",
  "detractor",
];

/** Somebody outside: who they are to us, where they write from, what we talked about. */
export function ContactPage({ id }: { id: string }) {
  return <Async of={useQuery(contactQuery(id))}>{(contact) => <Loaded key={contact.id} contact={contact} />}</Async>;
}

function Loaded({ contact: c }: { contact: Contact }) {
  const shown = firstVisible(c.name, ...c.identities.map((i) => i.handle)) ?? say("contact.unnamed");
  return (
    <Page narrow before={<Face name={shown} size={40} />} title={shown}>
      <Section title={say("contact.conversations")}>
        {c.conversations.length === 0 ? (
          <Empty>{say("contact.none")}</Empty>
        ) : (
          <ul className={styles["list"]}>
            {c.conversations.map((row) => (
              <ConversationLine key={row.id} row={row} />
            ))}
          </ul>
        )}
      </Section>
      <Section title={say("contact.identities")}>
        <ul className={styles["list"]}>
          {c.identities.map((i) => {
            const href = safeHref(i.url);
            return (
              <li key={i.channel + i.handle} className={styles["identity"]}>
                <ChannelGlyph channel={i.channel} />
                <bdi>
                  {href ? (
                    <a href={href} target="_blank" rel="noopener noreferrer">
                      {i.handle}
                    </a>
                  ) : (
                    i.handle
                  )}
                </bdi>
                {i.followers !== undefined && (
                  <span className={styles["quiet"]}>{say("contact.followers", { n: i.followers })}</span>
                )}
              </li>
            );
          })}
        </ul>
      </Section>
      {c.can.includes("edit") ? (
        <ContactForm contact={c} />
      ) : (
        c.note && <Section title={say("contact.note")}>{c.note}</Section>
      )}
    </Page>
  );
}

function ConversationLine({ row }: { row: Row }) {
  return (
    <li>
      <Link
        to="/inbox/$view/{-$conversation}"
        params={{ view: row.setAside ? "aside" : "all", conversation: row.id }}
        className={styles["conversation"]}
      >
        <ChannelGlyph channel={row.account.channel} />
        <bdi className={styles["excerpt"]}>{row.subject || row.excerpt}</bdi>
        {row.clock ? <Due clock={row.clock} /> : <Chip>{say(`state.${row.state}`)}</Chip>}
        <When at={row.lastAt} />
      </Link>
    </li>
  );
}

function ContactForm({ contact: c }: { contact: Contact }) {
  const { busy, run } = useDo();
  const form = useForm({
    initialValues: { name: c.name, standings: c.standings, note: c.note },
    validate: { name: required },
  });
  return (
    <Section title={say("contact.title")}>
      <form
        onSubmit={form.onSubmit((body) =>
          run({
            call: () => answer(api.PATCH("/api/contacts/{id}", { params: { path: { id: c.id } }, body })),
            said: say("done.saved"),
            then: () => form.resetDirty(body),
            touches: [["contact"], ["conversations"], ["conversation"]],
            failed: (error) => form.setErrors(fieldErrors(error)),
          }),
        )}
      >
        <Stack gap="sm" maw={460}>
          <TextInput label={say("contact.name")} {...form.getInputProps("name")} />
          <MultiSelect
            label={say("contact.standings")}
            data={standings.map((s) => ({ value: s, label: sayOr(`standing.${s}`, s) }))}
            {...form.getInputProps("standings")}
          />
          <Textarea label={say("contact.note")} autosize minRows={2} maxRows={8} {...form.getInputProps("note")} />
          <Group>
            <Button type="submit" loading={busy} disabled={!form.isDirty()}>
              {say("do.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
