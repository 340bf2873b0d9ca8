import { Button, Group, Modal, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { contactsQuery } from "@/api/queries";
import { say } from "@/lib/words";
import { ChannelGlyph } from "@/ui/ChannelGlyph";
import { useDo } from "@/ui/useDo";
import styles from "./Contact.module.css";

interface Named {
  id: string;
  name: string;
}

/** Two become one: which is the other, and which is kept. It can be undone, now and later. */
export function MergeDialogue({
  contact: c,
  other: given,
  onClose,
}: {
  contact: Named;
  other?: Named | undefined;
  onClose: () => void;
}) {
  const { busy, run } = useDo();
  const navigate = useNavigate();
  const [other, setOther] = useState(given);
  const [kept, setKept] = useState<"this" | "other">("this");
  const merge = () => {
    const [keep, go] = kept === "this" ? [c, other!] : [other!, c];
    return run({
      call: () =>
        answer(api.POST("/api/contacts/{id}/merge", { params: { path: { id: keep.id } }, body: { other: go.id } })),
      said: (done) => say("contact.merge.done", { n: done.conversations }),
      then: async () => {
        onClose();
        await navigate({ to: "/contacts/$contact", params: { contact: keep.id } });
      },
      touches: [["contact"], ["contacts"], ["conversations"], ["conversation"]],
    });
  };
  return (
    <Modal opened onClose={onClose} title={say("contact.merge.title")} size="md">
      <Stack>
        <Text size="sm" c="dimmed">
          {say("contact.merge.help")}
        </Text>
        {other ? (
          <Radio.Group label={say("contact.merge.keep")} value={kept} onChange={(v) => setKept(v)}>
            <Stack gap={6} mt={6}>
              <Radio value="this" label={say("contact.merge.keep.this", { name: c.name })} />
              <Radio value="other" label={say("contact.merge.keep.other", { name: other.name })} />
            </Stack>
          </Radio.Group>
        ) : (
          <Finder but={c.id} onFound={setOther} />
        )}
        <Group justify="flex-end">
          <Button loading={busy} disabled={!other} onClick={() => void merge()}>
            {say("contact.merge.do")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Finder({ but, onFound }: { but: string; onFound: (found: Named) => void }) {
  const [q, setQ] = useState("");
  const [settled] = useDebouncedValue(q, 200);
  const query = useInfiniteQuery(contactsQuery({ q: settled, standing: "", channel: "", language: "", since: "" }));
  const found = (query.data?.pages[0]?.items ?? []).filter((c) => c.id !== but).slice(0, 6);
  return (
    <>
      <TextInput
        data-autofocus
        label={say("contact.merge.find")}
        value={q}
        onChange={(e) => setQ(e.currentTarget.value)}
      />
      <ul className={styles["list"]}>
        {found.map((c) => (
          <li key={c.id}>
            <Button variant="subtle" fullWidth justify="flex-start" onClick={() => onFound(c)}>
              <bdi>{c.name}</bdi>
              <span className={styles["handles"]}>
                {c.identities.slice(0, 2).map((i) => (
                  <span key={i.id} className={styles["handle"]}>
                    &nbsp;
                    <ChannelGlyph channel={i.channel} size={12} />
                    <bdi>{i.handle}</bdi>
                  </span>
                ))}
              </span>
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}
