import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, api } from "./client";
import type { components } from "./schema";

// What is asked of the server while somebody writes.

type S = components["schemas"];

/** Something one has begun to write. */
export type Draft = S["Draft"];
/** Somebody who is in a conversation just now. */
export type Viewer = S["Viewer"];
/** What there is to say about an answer before it is sent. */
export type Check = S["Check"];
export type Remark = S["Remark"];
/** A link and whether it opens. */
/** How somebody likes their answers to leave. */
export type Habits = S["Habits"];

const at = (id: string) => ({ params: { path: { id } } });

/** What one has begun to write and not sent, the newest first. */
export const draftsQuery = queryOptions({
  queryKey: ["drafts"],
  queryFn: async () => (await answer(api.GET("/api/drafts"))).items,
  staleTime: 60_000,
});

/** What one has begun to write in a conversation, on whatever device. */
export const draftQuery = (id: string) =>
  queryOptions({
    queryKey: ["draft", id],
    queryFn: async () => (await answer(api.GET("/api/conversations/{id}/draft", at(id)))).items,
    staleTime: 10_000,
  });

/** Who else is in a conversation. The feed tells of changes; who closed their laptop is found out by asking. */
export const viewersQuery = (id: string) =>
  queryOptions({
    queryKey: ["presence", id],
    queryFn: async () => (await answer(api.GET("/api/conversations/{id}/presence", at(id)))).items,
    staleTime: 10_000,
    refetchInterval: (query) => (query.state.data?.length ? 15_000 : false),
  });

/** What to think of before an answer is sent. */
export const checkQuery = (id: string, text: string, isPrivate: boolean, numbered: boolean) =>
  queryOptions({
    queryKey: ["check", id, text, isPrivate, numbered],
    queryFn: () =>
      answer(api.POST("/api/conversations/{id}/check", { ...at(id), body: { text, private: isPrivate, numbered } })),
    enabled: text.trim() !== "",
    staleTime: 60_000,
    gcTime: 60_000,
    retry: false,
    placeholderData: keepPreviousData,
  });

/** Whether links open. */
export const linksQuery = (links: string[]) =>
  queryOptions({
    queryKey: ["links", ...links],
    queryFn: async () => (await answer(api.POST("/api/links/check", { body: { links: links.slice(0, 10) } }))).items,
    enabled: links.length > 0,
    staleTime: 300_000,
    retry: false,
  });
