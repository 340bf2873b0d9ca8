import type { QueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { Delivery } from "@/api/types";
import type { Action } from "@/lib/actions";
import { say, type Word } from "@/lib/words";
import "./words";
import { complain, tell } from "@/ui/toast";
import { calledOff } from "./afterUndo";

/** What a deed on a delivery needs: where it is to be seen. */
interface Place {
  queries: QueryClient;
  /** Absent: it is a post, which stands in no conversation. */
  conversation?: string | undefined;
}

type DeliveryAction = Action<Delivery, Place>;

async function settle({ queries, conversation }: Place, call: Promise<unknown>, said: Word): Promise<void> {
  try {
    await call;
    tell(say(said));
  } catch (error) {
    complain(error);
  }
  await Promise.all([
    ...(conversation
      ? [["conversation", conversation], ["conversations"]].map((queryKey) => queries.invalidateQueries({ queryKey }))
      : [queries.invalidateQueries({ queryKey: ["posts"] })]),
    queries.invalidateQueries({ queryKey: ["deliveries"] }),
  ]);
}

const at = (d: Delivery) => ({ params: { path: { id: d.id } } });

export const deliveryActions: DeliveryAction[] = [
  {
    id: "approve",
    name: () => say("delivery.approve"),
    can: (d) => d.can.includes("approve"),
    run: (d, place) => settle(place, answer(api.POST("/api/deliveries/{id}/approve", at(d))), "delivery.did.approve"),
  },
  {
    id: "confirm-sent",
    key: "I",
    name: () => say("delivery.confirmYes"),
    can: (d) => d.can.includes("confirmSent"),
    run: (d, place) =>
      settle(
        place,
        answer(api.POST("/api/deliveries/{id}/confirm", { ...at(d), body: { sent: true } })),
        "delivery.did.confirm",
      ),
  },
  {
    id: "confirm-not-sent",
    key: "N",
    name: () => say("delivery.confirmNo"),
    can: (d) => d.can.includes("confirmSent"),
    run: (d, place) =>
      settle(
        place,
        answer(api.POST("/api/deliveries/{id}/confirm", { ...at(d), body: { sent: false } })),
        "delivery.did.confirm",
      ),
  },
  {
    id: "retry",
    name: () => say("delivery.retry"),
    // What may already be out is never sent again before a person has looked.
    can: (d) => d.can.includes("retry") && d.state !== "unknown",
    run: (d, place) => settle(place, answer(api.POST("/api/deliveries/{id}/retry", at(d))), "delivery.did.retry"),
  },
  {
    id: "cancel",
    key: "X",
    name: () => say("delivery.cancel"),
    can: (d) => d.can.includes("cancel"),
    run: async (d, place) => {
      const call = answer(api.POST("/api/deliveries/{id}/cancel", at(d))).then(() => calledOff(d.id));
      await settle(place, call, "delivery.did.cancel");
    },
  },
];
