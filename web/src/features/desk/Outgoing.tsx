import { SegmentedControl, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { deliveriesQuery } from "@/api/queries";
import type { OutgoingDelivery } from "@/api/types";
import { say } from "@/lib/words";
import { Async } from "@/ui/Async";
import { Page } from "@/ui/Page";
import { DeliveryCard } from "./DeliveryCard";
import styles from "./Outgoing.module.css";
import { SpokenAs } from "./SpokenAs";
import "./words";

const states = ["held", "unknown", "failed"] as const;

/** What is not out and wants a person: an approval, a look, another try. */
export function Outgoing() {
  const [state, setState] = useState<(typeof states)[number]>("held");
  const query = useQuery(deliveriesQuery(state));
  return (
    <Page narrow title={say("outgoing.title")} summary={say("outgoing.summary")}>
      <SegmentedControl
        aria-label={say("outgoing.title")}
        mb="md"
        value={state}
        onChange={(s) => setState(s)}
        data={states.map((s) => ({ value: s, label: say(`outgoing.${s}`) }))}
      />
      <Async of={query} empty={say(`outgoing.empty.${state}`)}>
        {(deliveries) => (
          <Stack gap="md">
            {deliveries.map((d) => (
              <Item key={d.id} delivery={d} />
            ))}
          </Stack>
        )}
      </Async>
    </Page>
  );
}

function Item({ delivery: d }: { delivery: OutgoingDelivery }) {
  return (
    <div className={styles["item"]}>
      {d.conversation ? (
        <Link
          to="/inbox/$view/{-$conversation}"
          params={{ view: "all", conversation: d.conversation.id }}
          className={styles["to"]}
        >
          <bdi>{d.conversation.name || say("do.open")}</bdi>
        </Link>
      ) : (
        <SpokenAs account={d.account} />
      )}
      <DeliveryCard delivery={d} conversation={d.conversation?.id} />
    </div>
  );
}
