import { Button, CloseButton, Group, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Search, UserPlus } from "lucide-react";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { invitationsQuery, peopleQuery } from "@/api/queries";
import { useMay, useMe } from "@/api/session";
import type { Invitation, Person } from "@/api/types";
import { soon } from "@/lib/time";
import { useNow } from "@/lib/now";
import { say, sayOr } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { Async } from "@/ui/Async";
import { Chip } from "@/ui/Chip";
import { Face } from "@/ui/Face";
import { Page, Section } from "@/ui/Page";
import { useDo } from "@/ui/useDo";
import { useZone } from "@/ui/Zone";
import { InviteDialogue } from "./InviteDialogue";
import styles from "./Staff.module.css";

/** Who works here, what they know, whether they are here now. */
export function People() {
  const mayInvite = useMay("staff.manage");
  const [words, setWords] = useState("");
  const [asked] = useDebouncedValue(words.trim(), 200);
  const [inviting, setInviting] = useState(false);
  const query = useQuery(peopleQuery(asked));
  return (
    <Page
      title={say("people.title")}
      summary={say("people.summary")}
      deeds={
        mayInvite && (
          <DeedButton
            deed="invite"
            hotkey="n"
            leftSection={<UserPlus size={16} aria-hidden />}
            onClick={() => setInviting(true)}
          >
            {say("people.invite")}
          </DeedButton>
        )
      }
    >
      <TextInput
        maw={420}
        mb="sm"
        type="search"
        aria-label={say("people.search")}
        placeholder={say("people.search")}
        leftSection={<Search size={15} aria-hidden />}
        rightSection={
          words && <CloseButton size="sm" aria-label={say("inbox.search.clear")} onClick={() => setWords("")} />
        }
        value={words}
        onChange={(e) => setWords(e.currentTarget.value)}
      />
      <Async of={query} empty={say("people.empty")}>
        {(people) => (
          <ul className={styles["list"]}>
            {people.map((p) => (
              <PersonRow key={p.id} person={p} />
            ))}
          </ul>
        )}
      </Async>
      {mayInvite && <Invitations />}
      {inviting && <InviteDialogue onClose={() => setInviting(false)} />}
    </Page>
  );
}

function PersonRow({ person: p }: { person: Person }) {
  return (
    <li>
      <Link to="/people/$person" params={{ person: p.id }} className={styles["row"]}>
        <Face name={p.name} size={36} />
        <span className={styles["main"]}>
          <bdi className={styles["name"]}>{p.name}</bdi>
          <span className={styles["sub"]}>
            {say(`role.${p.role}`)}
            {p.departments.length > 0 && ` · ${p.departments.map((d) => d.name).join(", ")}`}
          </span>
        </span>
        <span className={styles["skills"]}>
          {p.skills.slice(0, 3).map((s) => (
            <Chip key={s}>{s}</Chip>
          ))}
        </span>
        <span className={styles["side"]}>
          <Presence person={p} />
          <span className={styles["sub"]}>{say("people.load", { load: p.load, capacity: p.capacity || "∞" })}</span>
        </span>
      </Link>
    </li>
  );
}

/** Whether somebody can be counted on now. */
export function Presence({ person: p }: { person: Person }) {
  if (p.state !== "active") {
    return <Chip tone="warn">{say("people.disabled")}</Chip>;
  }
  return p.working ? (
    <Chip tone="good">{say("people.working")}</Chip>
  ) : (
    <Chip>{say(p.presence === "away" ? "people.away" : "people.notWorking")}</Chip>
  );
}

function Invitations() {
  const { data = [] } = useQuery(invitationsQuery);
  return data.length === 0 ? null : (
    <Section title={say("people.invitations")}>
      <ul className={styles["list"]}>
        {data.map((i) => (
          <InvitationRow key={i.id} invitation={i} />
        ))}
      </ul>
    </Section>
  );
}

function InvitationRow({ invitation: i }: { invitation: Invitation }) {
  const { busy, run } = useDo();
  const now = useNow();
  const zone = useZone();
  const me = useMe();
  return (
    <li className={styles["row"]}>
      <span className={styles["main"]}>
        <bdi className={styles["name"]}>{i.name || i.email}</bdi>
        <span className={styles["sub"]}>
          {i.email} · {sayOr(`role.${i.role}`, i.role)}
        </span>
      </span>
      <Group gap="sm">
        <Text size="xs" c="dimmed">
          {say("people.invitation.until", { when: soon(i.expiresAt, now, zone) })}
        </Text>
        <Button
          size="compact-sm"
          variant="default"
          loading={busy}
          disabled={!me.can.includes("staff.manage")}
          onClick={() =>
            run({
              call: () => answer(api.DELETE("/api/invitations/{id}", { params: { path: { id: i.id } } })),
              said: say("people.invitation.withdrawn"),
              touches: [["invitations"]],
            })
          }
        >
          {say("people.invitation.withdraw")}
        </Button>
      </Group>
    </li>
  );
}
