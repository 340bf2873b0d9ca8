import { Alert, FileButton, NativeSelect, Stack, Table, Text } from "@mantine/core";
import { Upload } from "lucide-react";
import { useState } from "react";
import { answer, api } from "@/api/client";
import type { Imported } from "@/api/types";
import { say, type Word } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { Page, Section } from "@/ui/Page";
import { useDo } from "@/ui/useDo";
import { tell } from "@/ui/toast";
import styles from "./Contact.module.css";

const kinds = ["", "name", "first", "last", "email", "number", "standings", "note", "language"] as const;

/** A list of contacts from outside: what its columns hold, what would happen, and only then the deed. */
export function ImportPage() {
  const { busy, run } = useDo();
  const [data, setData] = useState("");
  const [plan, setPlan] = useState<Imported>();
  const ask = (file: string, mapping?: string[], keep = false) =>
    run({
      call: () =>
        answer(api.POST("/api/contacts/import", { body: { data: file, keep, ...(mapping ? { mapping } : {}) } })),
      then: (out) => {
        setPlan(out);
        if (keep) {
          tell(say("import.done"));
        }
      },
      touches: keep ? [["contacts"]] : [],
    });
  const choose = async (file: File | null) => {
    if (!file) {
      return;
    }
    if (file.size > 5_000_000) {
      tell(say("import.large"));
      return;
    }
    const read = await base64(file);
    setPlan(undefined); // what is said of one file is not true of another
    setData(read);
    await ask(read);
  };
  const remap = (k: number, holds: string) =>
    void ask(
      data,
      plan!.mapping.map((m, i) => (i === k ? holds : m)),
    );
  return (
    <Page title={say("import.title")} summary={say("import.summary")}>
      <FileButton accept=".csv,.tsv,.txt,text/csv" onChange={(f) => void choose(f)}>
        {(props) => (
          <DeedButton
            deed="import-choose"
            hotkey="n"
            {...props}
            loading={busy}
            leftSection={<Upload size={15} aria-hidden />}
            variant={plan ? "default" : "filled"}
          >
            {say("import.choose")}
          </DeedButton>
        )}
      </FileButton>
      {plan && (
        <Stack mt="lg">
          <Columns plan={plan} onChange={remap} />
          {plan.problem && <Alert color="orange">{plan.problem}</Alert>}
          {!plan.problem && <Outcome plan={plan} />}
          {!plan.problem && !plan.kept && (
            <div>
              <DeedButton
                deed="save"
                hotkey="mod+Enter"
                loading={busy}
                disabled={plan.new + plan.changed === 0}
                onClick={() => void ask(data, plan.mapping, true)}
              >
                {plan.new + plan.changed ? say("import.do", { n: plan.new + plan.changed }) : say("import.nothing")}
              </DeedButton>
            </div>
          )}
        </Stack>
      )}
    </Page>
  );
}

async function base64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let k = 0; k < bytes.length; k += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(k, k + 0x8000));
  }
  return btoa(text);
}

function Columns({ plan, onChange }: { plan: Imported; onChange: (k: number, holds: string) => void }) {
  return (
    <div className={styles["table"]}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{say("import.column")}</Table.Th>
            <Table.Th>{say("import.holds")}</Table.Th>
            <Table.Th>{say("import.sample")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {plan.header.map((h, k) => (
            <Table.Tr key={k}>
              <Table.Td>
                <bdi>{h}</bdi>
              </Table.Td>
              <Table.Td>
                <NativeSelect
                  size="xs"
                  aria-label={`${h} ${say("import.holds")}`}
                  value={plan.mapping[k] ?? ""}
                  disabled={plan.kept}
                  onChange={(e) => onChange(k, e.currentTarget.value)}
                  data={[
                    ...kinds.map((v) => ({ value: v, label: say(`import.as.${v}` as Word) })),
                    { value: `field:${h}`, label: say("import.as.field") },
                  ]}
                />
              </Table.Td>
              <Table.Td className={styles["quiet"]}>
                <bdi>
                  {plan.sample
                    .map((row) => row?.[k] ?? "")
                    .filter(Boolean)
                    .join(" · ")
                    .slice(0, 120)}
                </bdi>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Outcome({ plan: p }: { plan: Imported }) {
  return (
    <Section title={say("import.what")}>
      <Text mb="sm">{say("import.counts", { new: p.new, changed: p.changed, same: p.same, wrong: p.wrong })}</Text>
      <div className={styles["table"]}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{say("import.line")}</Table.Th>
              <Table.Th>{say("import.who")}</Table.Th>
              <Table.Th>{say("import.what")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {p.lines.slice(0, 100).map((l) => (
              <Table.Tr key={l.line}>
                <Table.Td>{l.line}</Table.Td>
                <Table.Td>
                  <bdi>{l.name}</bdi>
                </Table.Td>
                <Table.Td>{l.why ? `${say("import.wrong")}: ${l.why}` : say(`import.${l.deed}` as Word)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </Section>
  );
}
