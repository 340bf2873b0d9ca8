import { useQuery } from "@tanstack/react-query";
import { intentsQuery } from "./queries";

/** The title of an intent by its key; the key itself while the titles are not there. */
export function useIntentTitle(): (key: string) => string {
  const { data } = useQuery(intentsQuery);
  return (key) => data?.find((i) => i.key === key)?.title ?? key.charAt(0).toUpperCase() + key.slice(1);
}
