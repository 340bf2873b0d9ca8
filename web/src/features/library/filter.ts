/** What the list of answers shows; it stands in the address. */
export interface AnswersSearch {
  q?: string;
  view?: "review" | "archived";
  language?: string;
  audience?: "public" | "private" | "inside";
  topic?: string;
  tag?: string;
  mine?: boolean;
}

export function readAnswersSearch(search: Record<string, unknown>): AnswersSearch {
  const out: AnswersSearch = {};
  for (const name of ["q", "language", "topic", "tag"] as const) {
    const value = search[name];
    if ((typeof value === "string" && value) || typeof value === "number") {
      out[name] = String(value);
    }
  }
  const { view, audience, mine } = search;
  if (view === "review" || view === "archived") {
    out.view = view;
  }
  if (audience === "public" || audience === "private" || audience === "inside") {
    out.audience = audience;
  }
  if (mine === true || mine === "true") {
    out.mine = true;
  }
  return out;
}
