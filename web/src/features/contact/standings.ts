import { sayOr } from "@/lib/words";

/** What a contact can be to the company. */
export const standings = [
  "customer",
  "prospect",
  "journalist",
  "influencer",
  "partner",
  "candidate",
  "stakeholder",
  "advocate",
  "detractor",
];

export const standingChoices = standings.map((s) => ({ value: s, label: sayOr(`standing.${s}`, s) }));
