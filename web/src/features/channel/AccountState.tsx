import type { Account } from "@/api/types";
import { say } from "@/lib/words";
import { Chip, type Tone } from "@/ui/Chip";

const tones: Record<Account["state"], Tone> = {
  active: "good",
  paused: "urgent",
  reconnect: "urgent",
  trouble: "warn",
  disconnected: "plain",
};

/** How an account is, in a word. */
export function AccountState({ account: a }: { account: Pick<Account, "state" | "paused"> }) {
  const state = a.paused ? "paused" : a.state;
  return <Chip tone={tones[state]}>{say(`account.state.${state}`)}</Chip>;
}
