import { Outgoing } from "@/features/desk/Outgoing";

export function OutgoingRoute() {
  return <Outgoing />;
}
