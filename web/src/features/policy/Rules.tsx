import { Group, Switch, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, Plus } from "lucide-react";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { useMay } from "@/api/session";
import type { Rule } from "@/api/types";
import { useNow } from "@/lib/now";
import { brief } from "@/lib/time";
import { say } from "@/lib/words";
import { DeedButton, DeedIcon } from "@/ui/ActionButton";
import { Async } from "@/ui/Async";
import { Page } from "@/ui/Page";
import { useDo } from "@/ui/useDo";
import { useZone } from "@/ui/Zone";
import { useIntentTitle } from "@/api/intents";
import styles from "./Policy.module.css";
import { rulesQuery } from "./queries";
import { RuleDialogue } from "./RuleDialogue";
import { whenSentence } from "./sentence";

/** What must be certain, in the order it is asked. */
export function Rules() {
  const may = useMay("departments.manage");
  const query = useQuery(rulesQuery);
  const [open, setOpen] = useState<Rule | "new" | null>(null);
  return (
    <Page
      title={say("rules.title")}
      summary={say("rules.summary")}
      deeds={
        may && (
          <DeedButton
            deed="rule-add"
            hotkey="n"
            leftSection={<Plus size={16} aria-hidden />}
            onClick={() => setOpen("new")}
          >
            {say("rules.add")}
          </DeedButton>
        )
      }
    >
      <Async of={query} empty={say("rules.empty")}>
        {(rules) => <List rules={rules} onOpen={setOpen} />}
      </Async>
      {open && (
        <RuleDialogue
          key={open === "new" ? "new" : open.id}
          rule={open === "new" ? undefined : open}
          onClose={() => setOpen(null)}
        />
      )}
    </Page>
  );
}

/** Rules are moved by arrows, or drawn to their place. */
function List({ rules, onOpen }: { rules: Rule[]; onOpen: (rule: Rule) => void }) {
  const { busy, run } = useDo();
  const [drawn, setDrawn] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const move = (id: string, to: number) => {
    const ids = rules.map((r) => r.id).filter((other) => other !== id);
    ids.splice(to, 0, id);
    if (ids.some((other, k) => rules[k]!.id !== other)) {
      void run({
        call: () => answer(api.PUT("/api/rules/order", { body: { rules: ids } })),
        said: say("rules.moved"),
        touches: [["rules"]],
      });
    }
  };
  return (
    <ol className={styles["list"]}>
      {rules.map((rule, k) => (
        <li
          key={rule.id}
          className={styles["rule"]}
          data-off={!rule.enabled || undefined}
          data-over={(over === rule.id && drawn !== rule.id) || undefined}
          onDragOver={(e) => {
            if (drawn) {
              e.preventDefault();
              setOver(rule.id);
            }
          }}
          onDrop={(e) => {
            e.preventDefault();
            if (drawn) {
              move(drawn, k);
            }
            setDrawn(null);
            setOver(null);
          }}
        >
          <span
            className={styles["place"]}
            draggable={rule.can.includes("manage")}
            onDragStart={() => setDrawn(rule.id)}
            onDragEnd={() => {
              setDrawn(null);
              setOver(null);
            }}
          >
            {rule.can.includes("manage") && (
              <>
                <Arrow up rule={rule} disabled={busy || k === 0} onClick={() => move(rule.id, k - 1)} />
                <Arrow rule={rule} disabled={busy || k === rules.length - 1} onClick={() => move(rule.id, k + 1)} />
              </>
            )}
            {rule.place}
          </span>
          <RuleText rule={rule} />
          <Deeds rule={rule} onOpen={onOpen} />
        </li>
      ))}
    </ol>
  );
}

function Arrow({
  up = false,
  rule,
  disabled,
  onClick,
}: {
  up?: boolean;
  rule: Rule;
  disabled: boolean;
  onClick: () => void;
}) {
  return (
    <DeedIcon
      deed={up ? "rule-up" : "rule-down"}
      hotkey={up ? "U" : "D"}
      inRow
      name={say(up ? "rules.up.one" : "rules.down.one")}
      label={say(up ? "rules.up" : "rules.down", { name: rule.name })}
      variant="subtle"
      color="gray"
      disabled={disabled}
      onClick={onClick}
    >
      {up ? <ArrowUp size={15} aria-hidden /> : <ArrowDown size={15} aria-hidden />}
    </DeedIcon>
  );
}

function RuleText({ rule }: { rule: Rule }) {
  const intent = useIntentTitle();
  const now = useNow();
  const zone = useZone();
  const when = rule.form ? whenSentence(rule.form, intent) : say("when.hand", { expression: rule.condition });
  const where = rule.person ? `${rule.person.name} (${rule.department.name})` : rule.department.name || "–";
  return (
    <span className={styles["main"]}>
      <bdi className={styles["name"]}>{rule.name}</bdi>
      <span className={styles["sentence"]}>{say("rules.goes", { when, where })}</span>
      {rule.doubts.map((d) => (
        <span key={d} className={styles["doubt"]} role="note">
          {d}
        </span>
      ))}
      <span className={styles["sub"]}>
        {say("rules.changed", { who: rule.changedBy?.name || say("app.name"), when: brief(rule.changedAt, now, zone) })}
      </span>
    </span>
  );
}

function Deeds({ rule, onOpen }: { rule: Rule; onOpen: (rule: Rule) => void }) {
  const { busy, run } = useDo();
  const manages = rule.can.includes("manage");
  return (
    <Group gap="sm" wrap="nowrap">
      <Switch
        checked={rule.enabled}
        disabled={!manages || busy}
        aria-label={say("rules.on", { name: rule.name })}
        onChange={(e) => {
          const enabled = e.currentTarget.checked;
          void run({
            call: () =>
              answer(
                api.PATCH("/api/rules/{id}", {
                  params: { path: { id: rule.id } },
                  body: { enabled, version: rule.version },
                }),
              ),
            said: say(enabled ? "rules.switched.on" : "rules.switched.off"),
            touches: [["rules"]],
          });
        }}
      />
      <DeedButton
        deed="rule-edit"
        hotkey="e"
        inRow
        name={say(manages ? "do.edit" : "do.show")}
        size="compact-sm"
        variant="default"
        aria-label={say("rules.edit", { name: rule.name })}
        onClick={() => onOpen(rule)}
      >
        <Text span size="sm">
          {say(manages ? "do.edit" : "do.show")}
        </Text>
      </DeedButton>
    </Group>
  );
}
