import { Anchor, Badge, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Conversation, Identity, Row } from "@/api/types";
import { safeHref } from "@/lib/text";
import { say, sayOr } from "@/lib/words";
import { ChannelGlyph } from "@/ui/ChannelGlyph";
import { Chip } from "@/ui/Chip";
import { When } from "@/ui/Due";
import { Face } from "@/ui/Face";
import styles from "./ContactPanel.module.css";
import { useDesk } from "./DeskProvider";
import { understood, useChoices } from "./understood";
import { useConversationLink } from "./where";
import "./words";

/** Who they are, what they want as we understood it, and what else we have talked about. */
export function ContactPanel({ conversation: c }: { conversation: Conversation }) {
  return (
    <Stack gap="lg">
      <div className={styles["who"]}>
        <Face name={c.contact.name} src={c.contact.avatar} size={44} />
        <div className={styles["names"]}>
          <Text fw={650} truncate>
            <bdi>{c.contact.name}</bdi>
          </Text>
          <Anchor
            size="sm"
            renderRoot={(props) => <Link to="/contacts/$contact" params={{ contact: c.contact.id }} {...props} />}
          >
            {say("contact.page")}
          </Anchor>
        </div>
      </div>
      {c.contact.standings.length > 0 && (
        <Group gap={6}>
          {c.contact.standings.map((s) => (
            <Chip key={s}>{sayOr(`standing.${s}`, s)}</Chip>
          ))}
        </Group>
      )}
      <Part title={say("decision.intent")}>
        <UnderstoodChoices conversation={c} />
      </Part>
      <Part title={say("topics.of")}>
        <Topics conversation={c} />
      </Part>
      <Part title={say("contact.tags")}>
        <Tags conversation={c} />
      </Part>
      <Part title={say("contact.identities")}>
        <Stack gap={4}>
          {c.contactIdentities.map((i) => (
            <IdentityLine key={i.channel + i.handle} identity={i} />
          ))}
        </Stack>
      </Part>
      {c.inMail && c.inMail.length > 0 && (
        <Part title={say("contact.inMail")}>
          {c.inMail.map((row) => (
            <OtherConversation key={row.id} row={row} by={row.contact.name} />
          ))}
        </Part>
      )}
      <Part title={say("contact.others")}>
        {c.others.length === 0 ? (
          <Text size="sm" c="dimmed">
            {say("contact.others.none")}
          </Text>
        ) : (
          c.others.map((row) => <OtherConversation key={row.id} row={row} />)
        )}
      </Part>
    </Stack>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h3 className={styles["title"]}>{title}</h3>
      {children}
    </section>
  );
}

/** What was understood of what they said; whoever knows better says so. */
function UnderstoodChoices({ conversation: c }: { conversation: Conversation }) {
  const { deeds } = useDesk();
  const is = understood(c);
  const choices = useChoices(is);
  const locked = !c.can.includes("correct");
  return (
    <Stack gap={6}>
      <NativeSelect
        size="xs"
        aria-label={say("decision.intent.change")}
        value={is.intent}
        disabled={!c.can.includes("intent")}
        data={choices.intent}
        onChange={(e) => void deeds.correct(c, e.currentTarget.value)}
      />
      <NativeSelect
        size="xs"
        aria-label={say("decision.answer.change")}
        value={is.needs}
        disabled={locked}
        data={choices.needs}
        onChange={(e) => void deeds.needs(c, e.currentTarget.value as Row["needs"])}
      />
      <Group gap={6} grow wrap="nowrap">
        <NativeSelect
          size="xs"
          aria-label={say("decision.urgency.change")}
          value={is.urgency}
          disabled={locked}
          data={choices.urgency}
          onChange={(e) => void deeds.urgency(c, e.currentTarget.value as Row["urgency"])}
        />
        <NativeSelect
          size="xs"
          aria-label={say("decision.language.change")}
          value={is.language}
          disabled={locked}
          data={choices.language}
          onChange={(e) => void deeds.language(c, e.currentTarget.value)}
        />
      </Group>
    </Stack>
  );
}

function Tags({ conversation: c }: { conversation: Conversation }) {
  const desk = useDesk();
  return (
    <Group gap={6}>
      {c.tags.map((tag) => (
        <Badge key={tag} color="gray" c="var(--sb-ink-2)">
          <bdi>{tag}</bdi>
        </Badge>
      ))}
      {c.can.includes("tag") && (
        <Anchor component="button" size="sm" onClick={() => desk.ask("tags", c)}>
          {c.tags.length ? say("do.edit") : say("do.add")}
        </Anchor>
      )}
    </Group>
  );
}

function Topics({ conversation: c }: { conversation: Conversation }) {
  const desk = useDesk();
  return (
    <Group gap={6}>
      {c.topics.map((t) => (
        <Chip key={t.key}>
          <bdi>{t.name}</bdi>
        </Chip>
      ))}
      {c.topics.length === 0 && !c.can.includes("tag") && (
        <Text size="sm" c="dimmed">
          {say("topics.of.empty")}
        </Text>
      )}
      {c.can.includes("tag") && (
        <Anchor component="button" size="sm" onClick={() => desk.ask("topics", c)}>
          {c.topics.length ? say("do.edit") : say("do.add")}
          <span className="sr"> {say("topics.of")}</span>
        </Anchor>
      )}
    </Group>
  );
}

function IdentityLine({ identity: i }: { identity: Identity }) {
  const href = safeHref(i.url);
  return (
    <div className={styles["identity"]}>
      <ChannelGlyph channel={i.channel} size={14} />
      <bdi className={styles["handle"]}>
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
    </div>
  );
}

function OtherConversation({ row, by }: { row: Row; by?: string }) {
  const link = useConversationLink(row.id);
  return (
    <a {...link} className={styles["other"]}>
      <span className={styles["otherHead"]}>
        <ChannelGlyph channel={row.account.channel} size={13} />
        <Text span size="xs" c="dimmed">
          {say(`state.${row.state}`)}
        </Text>
        <span className={styles["push"]} />
        <When at={row.lastAt} />
      </span>
      <bdi className={styles["excerpt"]}>{by ? `${by}: ${row.excerpt}` : row.subject || row.excerpt}</bdi>
    </a>
  );
}
