import { useQuery } from "@tanstack/react-query";
import { intentsQuery } from "@/api/queries";
import type { Conversation, Row } from "@/api/types";
import { languageName } from "@/lib/text";
import { say } from "@/lib/words";
import "./words";

/** What was understood of what a contact said, and what a person can correct. */
export interface Understood {
  intent: string;
  urgency: Row["urgency"];
  needs: Row["needs"];
  language: string;
}

/** What is understood of a conversation. What is set aside needs no answer; nor does what waits on, whatever was wanted before. */
export function understood(c: Conversation): Understood {
  const last = c.timeline.findLast((e) => e.kind === "message");
  const thanked = c.state === "waiting" && last?.direction === "in" && c.assessment?.needs === "none";
  return {
    intent: c.intent,
    urgency: c.urgency,
    needs: c.setAside || thanked ? "none" : c.needs,
    language: c.language || unknown,
  };
}

/** The code of a language that can't be told. */
const unknown = "und";

const languages = [
  "ar", "bg", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hu", "it", "ja", "ko", "nl", "no", "pl", "pt", "ro", "ru",
  "sk", "sr", "sv", "th", "tr", "uk", "ur", "vi", "zh",
]; // prettier-ignore

/** What can be said instead. */
export function useChoices(is: Understood) {
  const intents = useQuery(intentsQuery).data ?? [{ key: is.intent, title: is.intent }];
  const codes = languages.includes(is.language) ? languages : [is.language, ...languages];
  return {
    intent: intents.map((i) => ({ value: i.key, label: i.title })),
    urgency: (["now", "today", "normal"] as const).map((u) => ({ value: u, label: say(`decision.urgency.${u}`) })),
    needs: (["must", "courtesy", "none"] as const).map((n) => ({ value: n, label: say(`decision.answer.${n}`) })),
    language: codes
      .map((l) => ({ value: l, label: l === unknown ? say("decision.language.none") : languageName(l) }))
      .sort((a, b) => a.label.localeCompare(b.label)),
  };
}
