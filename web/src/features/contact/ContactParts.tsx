import { Button, Group, Modal, Radio, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Download, Trash2 } from "lucide-react";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { suspectsQuery } from "@/api/queries";
import type { Contact, Suspect } from "@/api/types";
import { say } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { Chip } from "@/ui/Chip";
import { When } from "@/ui/Due";
import { Section } from "@/ui/Page";
import { useDo } from "@/ui/useDo";
import styles from "./Contact.module.css";
import { MergeDialogue } from "./MergeDialogue";

const all = [["contact"], ["contacts"], ["conversations"], ["conversation"]];

/** Who may be the same person, and why. Nobody is merged without somebody saying so. */
export function SamePerson({ contact: c }: { contact: Contact }) {
  const suspects = useQuery({ ...suspectsQuery(c.id), enabled: c.can.includes("merge") }).data ?? [];
  const { busy, run } = useDo();
  const [other, setOther] = useState<Suspect>();
  if (suspects.length === 0) {
    return null;
  }
  return (
    <Section title={say("contact.same")}>
      {suspects.map((s) => (
        <div key={s.id} data-row className={styles["candidate"]}>
          <Stack gap={2} className={styles["other"]}>
            <Link to="/contacts/$contact" params={{ contact: s.id }}>
              <bdi>{s.name}</bdi>
            </Link>
            <Text size="sm" c="dimmed">
              {s.reasons.join("; ")}
            </Text>
          </Stack>
          <DeedButton deed="same-yes" hotkey="y" inRow size="xs" onClick={() => setOther(s)}>
            {say("contact.same.yes")}
          </DeedButton>
          <DeedButton
            deed="same-no"
            hotkey="n"
            inRow
            size="xs"
            variant="default"
            loading={busy}
            onClick={() =>
              void run({
                call: () =>
                  answer(
                    api.POST("/api/contacts/{id}/apart", { params: { path: { id: c.id } }, body: { other: s.id } }),
                  ),
                said: say("contact.same.noted"),
                touches: [["contact"]],
              })
            }
          >
            {say("contact.same.no")}
          </DeedButton>
        </div>
      ))}
      {other && <MergeDialogue contact={c} other={other} onClose={() => setOther(undefined)} />}
    </Section>
  );
}

/** What was merged into it, each of which can be undone. */
export function Merged({ contact: c }: { contact: Contact }) {
  const { busy, run } = useDo();
  if (c.merged.length === 0) {
    return null;
  }
  return (
    <Section title={say("contact.merged")}>
      {c.merged.map((m) => (
        <div key={m.id} className={styles["candidate"]}>
          <bdi>{m.name}</bdi>
          <span className={styles["quiet"]}>
            {m.handles.join(", ")} {m.by && say("contact.merged.by", { name: m.by.name })}
          </span>
          <span className={styles["push"]} />
          <When at={m.at} />
          {c.can.includes("merge") && (
            <Button
              size="xs"
              variant="default"
              loading={busy}
              onClick={() =>
                void run({
                  call: () => answer(api.POST("/api/merges/{id}/undo", { params: { path: { id: m.id } } })),
                  said: (done) =>
                    done.left ? say("contact.merged.left", { n: done.left }) : say("contact.merged.undone"),
                  touches: all,
                })
              }
            >
              {say("contact.merged.undo")}
            </Button>
          )}
        </div>
      ))}
    </Section>
  );
}

/** What they agreed to and took back: the last word on a purpose holds, and all of them stay. */
export function Consents({ contact: c }: { contact: Contact }) {
  const [open, setOpen] = useState(false);
  return (
    <Section title={say("contact.consent")}>
      {c.consents.length === 0 && (
        <Text size="sm" c="dimmed">
          {say("contact.consent.none")}
        </Text>
      )}
      <ul className={styles["list"]}>
        {c.consents.map((x) => (
          <li key={x.id} className={styles["candidate"]}>
            <bdi>{x.purpose}</bdi>
            <Chip tone={x.given ? "plain" : "warn"}>
              {say(x.given ? "contact.consent.given" : "contact.consent.taken")}
            </Chip>
            <span className={styles["quiet"]}>
              <bdi>{x.proof}</bdi> {x.by && `· ${x.by.name}`}
            </span>
            <span className={styles["push"]} />
            <When at={x.at} />
          </li>
        ))}
      </ul>
      {c.can.includes("edit") && (
        <DeedButton deed="consent-add" hotkey="c" size="xs" variant="default" mt={8} onClick={() => setOpen(true)}>
          {say("contact.consent.add")}
        </DeedButton>
      )}
      {open && <ConsentDialogue id={c.id} onClose={() => setOpen(false)} />}
    </Section>
  );
}

function ConsentDialogue({ id, onClose }: { id: string; onClose: () => void }) {
  const { busy, run } = useDo();
  const [purpose, setPurpose] = useState("");
  const [proof, setProof] = useState("");
  const [given, setGiven] = useState("yes");
  return (
    <Modal opened onClose={onClose} title={say("contact.consent.title")} size="sm">
      <form
        onSubmit={(e) => {
          e.preventDefault();
          void run({
            call: () =>
              answer(
                api.POST("/api/contacts/{id}/consents", {
                  params: { path: { id } },
                  body: { purpose, proof, given: given === "yes" },
                }),
              ),
            said: say("done.saved"),
            then: onClose,
            touches: [["contact", id]],
          });
        }}
      >
        <Stack>
          <TextInput
            data-autofocus
            required
            label={say("contact.consent.purpose")}
            value={purpose}
            onChange={(e) => setPurpose(e.currentTarget.value)}
          />
          <Radio.Group value={given} onChange={setGiven} aria-label={say("contact.consent")}>
            <Stack gap={6}>
              <Radio value="yes" label={say("contact.consent.yes")} />
              <Radio value="no" label={say("contact.consent.no")} />
            </Stack>
          </Radio.Group>
          <Textarea
            required={given === "yes"}
            autosize
            minRows={2}
            label={say("contact.consent.proof")}
            description={say("contact.consent.proof.help")}
            value={proof}
            onChange={(e) => setProof(e.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button type="submit" loading={busy}>
              {say("do.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** What a person may ask of us: a copy of everything, or that it is erased. */
export function TheirData({ contact: c, name }: { contact: Contact; name: string }) {
  const [open, setOpen] = useState(false);
  if (!c.can.includes("keep")) {
    return null;
  }
  return (
    <Section title={say("contact.keep")}>
      <Text size="sm" c="dimmed" mb="sm">
        {say("contact.keep.help")}
      </Text>
      <Group>
        <DeedButton
          deed="contact-export"
          hotkey="d"
          variant="default"
          renderRoot={(props) => <a href={`/api/contacts/${c.id}/export`} download {...props} />}
          leftSection={<Download size={15} aria-hidden />}
        >
          {say("contact.export")}
        </DeedButton>
        <Button
          variant="outline"
          color="red"
          leftSection={<Trash2 size={15} aria-hidden />}
          onClick={() => setOpen(true)}
        >
          {say("contact.erase")}
        </Button>
      </Group>
      {open && <EraseDialogue id={c.id} name={name} onClose={() => setOpen(false)} />}
    </Section>
  );
}

function EraseDialogue({ id, name, onClose }: { id: string; name: string; onClose: () => void }) {
  const { busy, run } = useDo();
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  return (
    <Modal opened onClose={onClose} title={say("contact.erase.title", { name })} size="md">
      <form
        onSubmit={(e) => {
          e.preventDefault();
          void run({
            call: () =>
              answer(api.POST("/api/contacts/{id}/erase", { params: { path: { id } }, body: { name: typed } })),
            said: say("contact.erase.done"),
            then: () => navigate({ to: "/contacts" }),
            touches: [["contacts"], ["conversations"], ["counts"]],
          });
        }}
      >
        <Stack>
          <Text size="sm">{say("contact.erase.help")}</Text>
          <TextInput
            data-autofocus
            autoComplete="off"
            label={say("contact.erase.type", { name })}
            value={typed}
            onChange={(e) => setTyped(e.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button type="submit" color="red" loading={busy} disabled={typed !== name}>
              {say("contact.erase.do")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
