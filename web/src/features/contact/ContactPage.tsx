import { Button, Group, Modal, MultiSelect, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Merge } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { answer, api } from "@/api/client";
import { contactQuery } from "@/api/queries";
import type { Contact, Identity, Row } from "@/api/types";
import { Problem } from "@/lib/http";
import { firstVisible, safeHref } from "@/lib/text";
import { say, sayOr } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { Async, Empty, WaitingPage } from "@/ui/Async";
import { ChannelGlyph } from "@/ui/ChannelGlyph";
import { Chip } from "@/ui/Chip";
import { Due, When } from "@/ui/Due";
import { Face } from "@/ui/Face";
import { fieldErrors, required } from "@/ui/form";
import { Page, Section } from "@/ui/Page";
import { tell } from "@/ui/toast";
import { useDo } from "@/ui/useDo";
import styles from "./Contact.module.css";
import { Consents, Merged, SamePerson, TheirData } from "./ContactParts";
import { MergeDialogue } from "./MergeDialogue";
import { standingChoices } from "./standings";

/** Somebody outside: who they are to us, where they write from, what we talked about. */
export function ContactPage({ id }: { id: string }) {
  const query = useQuery(contactQuery(id));
  const navigate = useNavigate();
  const kept = query.error instanceof Problem && query.error.status === 410 ? query.error.instance : undefined;
  useEffect(() => {
    // Who was merged meanwhile, or is named by an old link, goes on at the one that was kept.
    const to = kept?.split("/").at(-1);
    if (to) {
      tell(say("contact.moved"), { seconds: 8 });
      void navigate({ to: "/contacts/$contact", params: { contact: to }, replace: true });
    }
  }, [kept, navigate]);
  if (kept) {
    return <WaitingPage />;
  }
  return <Async of={query}>{(contact) => <Loaded key={contact.id} contact={contact} />}</Async>;
}

function Loaded({ contact: c }: { contact: Contact }) {
  const [merging, setMerging] = useState(false);
  const [splitting, setSplitting] = useState<Identity>();
  const shown = firstVisible(c.name, ...c.identities.map((i) => i.handle)) ?? say("contact.unnamed");
  return (
    <Page
      narrow
      before={<Face name={shown} size={40} />}
      title={shown}
      deeds={
        c.can.includes("merge") && (
          <DeedButton
            deed="contact-merge"
            hotkey="m"
            variant="default"
            leftSection={<Merge size={15} aria-hidden />}
            onClick={() => setMerging(true)}
          >
            {say("contact.merge")}
          </DeedButton>
        )
      }
    >
      {merging && <MergeDialogue contact={{ id: c.id, name: shown }} onClose={() => setMerging(false)} />}
      {splitting && <SplitDialogue contact={c} identity={splitting} onClose={() => setSplitting(undefined)} />}
      <SamePerson contact={c} />
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
              <li key={i.id} className={styles["identity"]}>
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
                <span className={styles["push"]} />
                {c.can.includes("merge") && c.identities.length > 1 && (
                  <Button size="compact-xs" variant="subtle" onClick={() => setSplitting(i)}>
                    {say("contact.split")}
                    <span className="sr"> {i.handle}</span>
                  </Button>
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
      <Consents contact={c} />
      <Merged contact={c} />
      <TheirData contact={c} name={shown} />
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
  const form = useForm({ initialValues: valuesOf(c), validate: { name: required } });
  const stands = JSON.stringify(valuesOf(c));
  const seen = useRef(stands);
  useEffect(() => {
    // Keeps what nobody is changing here in step with the contact: a merge brings it the other's note and fields.
    if (seen.current === stands) {
      return;
    }
    seen.current = stands;
    const now = JSON.parse(stands) as ReturnType<typeof valuesOf>;
    form.setValues(Object.fromEntries(Object.entries(now).filter(([name]) => !form.isDirty(name))));
    form.resetDirty(now);
  }, [stands, form]);
  return (
    <Section title={say("contact.title")}>
      <form
        onSubmit={form.onSubmit((body) =>
          run({
            call: () =>
              answer(
                api.PATCH("/api/contacts/{id}", {
                  params: { path: { id: c.id } },
                  body: {
                    ...(form.isDirty("name") ? { name: body.name } : {}),
                    ...(form.isDirty("standings") ? { standings: body.standings } : {}),
                    ...(form.isDirty("note") ? { note: body.note } : {}),
                    ...(form.isDirty("fields") ? { fields: read(body.fields) } : {}),
                  },
                }),
              ),
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
            data={standingChoices}
            description={
              c.standingsBy
                .map(
                  (s) => `${sayOr(`standing.${s.standing}`, s.standing)}: ${s.person?.name ?? ""} ${s.at.slice(0, 10)}`,
                )
                .join(" · ") || undefined
            }
            {...form.getInputProps("standings")}
          />
          <Textarea label={say("contact.note")} autosize minRows={2} maxRows={8} {...form.getInputProps("note")} />
          <Textarea
            label={say("contact.fields")}
            description={say("contact.fields.help")}
            autosize
            minRows={2}
            maxRows={8}
            {...form.getInputProps("fields")}
          />
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

/** A contact as its form shows it. */
function valuesOf(c: Contact) {
  return { name: c.name, standings: c.standings, note: c.note, fields: written(c.fields) };
}

/** Fields as lines of text, and back. */
function written(fields: Record<string, string>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${value.replace(/\s*\n\s*/g, " ")}`)
    .join("\n");
}

function read(text: string): Record<string, string> {
  const out: Record<string, string> = {};
  for (const line of text.split("\n")) {
    const [name = "", ...value] = line.split(":");
    if (name.trim()) {
      out[name.trim()] = value.join(":").trim();
    }
  }
  return out;
}

function SplitDialogue({
  contact: c,
  identity: i,
  onClose,
}: {
  contact: Contact;
  identity: Identity;
  onClose: () => void;
}) {
  const { busy, run } = useDo();
  return (
    <Modal opened onClose={onClose} title={say("contact.split.title", { handle: i.handle })} size="sm">
      <Stack>
        <Text size="sm">{say("contact.split.help")}</Text>
        <Group justify="flex-end">
          <Button
            data-autofocus
            loading={busy}
            onClick={() =>
              void run({
                call: () =>
                  answer(
                    api.POST("/api/contacts/{id}/split", { params: { path: { id: c.id } }, body: { identity: i.id } }),
                  ),
                said: (done) => say("contact.split.done", { name: done.name, n: done.conversations }),
                then: onClose,
                touches: [["contact"], ["contacts"], ["conversations"], ["conversation"]],
              })
            }
          >
            {say("contact.split")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
