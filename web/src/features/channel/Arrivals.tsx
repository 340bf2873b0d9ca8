import { Button, Group, Text, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { arrivalsQuery } from "@/api/queries";
import type { Account, Arrival } from "@/api/types";
import { say } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { Async } from "@/ui/Async";
import { When } from "@/ui/Due";
import { Section } from "@/ui/Page";
import { useDo } from "@/ui/useDo";
import styles from "./Accounts.module.css";

/** What arrived and could not be read: to be tried again or discarded, one by one. */
export function Arrivals({ account: a }: { account: Account }) {
  const query = useQuery(arrivalsQuery(a.id));
  if (a.health.setAside === 0 && !query.data?.length) {
    return null;
  }
  return (
    <Section title={say("arrivals.title")} help={say("arrivals.help")}>
      <Async of={query} empty={say("arrivals.empty")}>
        {(arrivals) => (
          <ul className={styles["list"]}>
            {arrivals.map((x) => (
              <ArrivalRow key={x.id} arrival={x} may={a.can.includes("manage")} />
            ))}
          </ul>
        )}
      </Async>
    </Section>
  );
}

function ArrivalRow({ arrival: x, may }: { arrival: Arrival; may: boolean }) {
  const retry = useDo();
  const discard = useDo();
  const [raw, setRaw] = useState(false);
  const at = { params: { path: { id: x.id } } };
  const touches = [["arrivals"], ["accounts"], ["conversations"], ["counts"]];
  return (
    <li className={styles["tile"]}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={550} flex="1 1 220px">
          {x.problem}
        </Text>
        <When at={x.at} />
      </Group>
      <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
        {say("arrivals.tries", { n: x.tries })} · {x.remoteId}
      </Text>
      <Group gap="xs" mt="xs">
        {may && (
          <>
            <DeedButton
              deed="arrival-retry"
              hotkey="r"
              inRow
              size="compact-sm"
              variant="default"
              loading={retry.busy}
              onClick={() =>
                retry.run({
                  call: () => answer(api.POST("/api/arrivals/{id}/retry", at)),
                  said: say("arrivals.retry.done"),
                  touches,
                })
              }
            >
              {say("arrivals.retry")}
            </DeedButton>
            <Button
              size="compact-sm"
              variant="default"
              loading={discard.busy}
              onClick={() =>
                discard.run({
                  call: () => answer(api.POST("/api/arrivals/{id}/discard", at)),
                  said: say("arrivals.discard.done"),
                  touches,
                })
              }
            >
              {say("arrivals.discard")}
            </Button>
          </>
        )}
        <UnstyledButton fz="xs" td="underline" aria-expanded={raw} onClick={() => setRaw(!raw)}>
          {say("arrivals.raw")}
        </UnstyledButton>
      </Group>
      {raw && (
        <pre className={styles["raw"]} tabIndex={0}>
          {x.raw}
        </pre>
      )}
    </li>
  );
}
