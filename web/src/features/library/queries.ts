import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { AnswersSearch } from "./filter";

export const answersQuery = (search: AnswersSearch) =>
  infiniteQueryOptions({
    queryKey: ["answers", "list", search],
    queryFn: ({ pageParam }) =>
      answer(api.GET("/api/answers", { params: { query: { ...search, limit: 50, ...(pageParam ? { after: pageParam } : {}) } } })), // prettier-ignore
    initialPageParam: "",
    getNextPageParam: (last) => last.next || undefined,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });

export const answerQuery = (id: string) =>
  queryOptions({
    queryKey: ["answers", "one", id],
    queryFn: () => answer(api.GET("/api/answers/{id}", { params: { path: { id } } })),
    staleTime: 10_000,
  });

export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: ["answers", "versions", id],
    queryFn: async () => (await answer(api.GET("/api/answers/{id}/versions", { params: { path: { id } } }))).items,
  });

/** An entry made of a reply; it is asked for once, as what is written then stands in the form. */
export const proposedQuery = (message: string) =>
  queryOptions({
    queryKey: ["answers", "proposed", message],
    queryFn: () => answer(api.GET("/api/messages/{id}/answer", { params: { path: { id: message } } })),
    staleTime: Infinity,
    retry: false,
  });

export const previewQuery = (text: string) =>
  queryOptions({
    queryKey: ["answers", "preview", text],
    queryFn: () => answer(api.POST("/api/answers/preview", { body: { text } })),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 60_000,
  });

export const savedQuery = queryOptions({
  queryKey: ["saved", "list"],
  queryFn: async () => (await answer(api.GET("/api/saved-replies"))).items,
  staleTime: 10_000,
});
