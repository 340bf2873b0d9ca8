import { useQuery } from "@tanstack/react-query";
import { draftsQuery } from "@/api/writing";
import { say } from "@/lib/words";
import { Chip } from "@/ui/Chip";

/** That one has begun to write in a conversation, here or on another device. */
export function DraftMark({ conversation }: { conversation: string }) {
  const { data: begun } = useQuery({
    ...draftsQuery,
    select: (drafts) => drafts.some((d) => d.conversation === conversation),
  });
  return begun ? (
    <Chip tone="note">
      <span title={say("row.draft.title")}>{say("row.draft")}</span>
    </Chip>
  ) : null;
}
