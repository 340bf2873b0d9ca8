import "@/ui/forms";
import { Checkbox } from "@mantine/core";
import type { Promised } from "@/api/types";
import { say } from "@/lib/words";

/** Which open promises the answer keeps. Read when something is promised: the inbox is there sooner without. */
export function KeepTicks({
  of,
  kept,
  keep,
}: {
  of: Promised[];
  kept: string[];
  keep: (id: string, yes: boolean) => void;
}) {
  return of.map((p) => (
    <Checkbox
      key={p.id}
      size="xs"
      checked={kept.includes(p.id)}
      onChange={(e) => keep(p.id, e.currentTarget.checked)}
      label={
        <>
          {say("promise.keeps")} <bdi>{p.text}</bdi>
        </>
      }
    />
  ));
}
