import "@/ui/forms";
import { learn } from "@/lib/words";
import { topicWords } from "@/lib/words/topic";
import { Topics } from "@/features/topic/Topics";

learn({ ...topicWords });

export function TopicsRoute() {
  return <Topics />;
}
