import { useQuery } from "@tanstack/react-query";
import { topicsQuery } from "@/api/queries";
import type { Topic } from "@/api/types";

/** The topics that can be chosen; what is chosen stays, also when the dictionary does not have it. */
export function offeredTopics(topics: Topic[], chosen: string[]): { value: string; label: string }[] {
  return [
    ...topics.filter((t) => t.enabled || chosen.includes(t.key)).map((t) => ({ value: t.key, label: t.name })),
    ...chosen.filter((key) => !topics.some((t) => t.key === key)).map((key) => ({ value: key, label: key })),
  ];
}

/** The name of a topic by its key; the key itself for one the dictionary does not have. */
export function useTopicName(): (key: string) => string {
  const { data } = useQuery(topicsQuery);
  return (key) => data?.find((t) => t.key === key)?.name ?? key;
}
