/**
 * What the server knows, as queries. Their keys are the words the live feed invalidates by (lib/live.ts `touched`).
 */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { leaving } from "@/lib/leaving";
import { answer, api } from "./client";
import type { ConversationFilter, State, VerdictFilter } from "./types";

/** What the live feed tells us of may be trusted for this long without asking again. */
const fresh = 60_000;

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  // Who signs out is still who they were until the page is gone: what is on it may not be left without anybody.
  queryFn: async () => {
    const session = await answer(api.GET("/api/session"));
    return leaving.now ? new Promise<never>(() => undefined) : session;
  },
  staleTime: fresh,
});

export const countsQuery = queryOptions({
  queryKey: ["counts"],
  queryFn: () => answer(api.GET("/api/counts")),
  staleTime: fresh,
});

export const pageSize = 50;

export const conversationsQuery = (filter: ConversationFilter) =>
  infiniteQueryOptions({
    queryKey: ["conversations", filter],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET("/api/conversations", {
          params: { query: { ...filter, limit: pageSize, ...(pageParam ? { after: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.next || undefined,
    staleTime: fresh,
    placeholderData: keepPreviousData,
  });

export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: ["conversation", id],
    queryFn: () => answer(api.GET("/api/conversations/{id}", { params: { path: { id } } })),
    staleTime: fresh,
  });

export const candidatesQuery = (conversation: string, q: string) =>
  queryOptions({
    queryKey: ["candidates", conversation, q],
    queryFn: async () => (await answer(api.GET("/api/candidates", { params: { query: { conversation, q } } }))).items,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });

export const searchQuery = (q: string) =>
  queryOptions({
    queryKey: ["search", "palette", q],
    queryFn: () => answer(api.GET("/api/search", { params: { query: { q, limit: 8 } } })),
    placeholderData: keepPreviousData,
    enabled: q.trim().length > 1,
    staleTime: 10_000,
  });

/** What a search asks for beside its words; it stands in the address. */
export interface SearchFilter {
  q: string;
  account?: string | undefined;
  contact?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
  mine?: boolean | undefined;
  file?: boolean | undefined;
  only?: "message" | "note" | undefined;
  state?: State | undefined;
}

export const searchPagesQuery = (filter: SearchFilter) =>
  infiniteQueryOptions({
    queryKey: ["search", "page", filter],
    queryFn: ({ pageParam, signal }) =>
      answer(api.GET("/api/search", { signal, params: { query: { ...filter, limit: 30, ...(pageParam ? { after: pageParam } : {}) } } })), // prettier-ignore
    initialPageParam: "",
    getNextPageParam: (last) => last.next || undefined,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });

export const viewsQuery = queryOptions({
  queryKey: ["views"],
  queryFn: async () => (await answer(api.GET("/api/views"))).items,
  staleTime: fresh,
});

export const viewCountsQuery = queryOptions({
  queryKey: ["view-counts"],
  queryFn: async () => (await answer(api.GET("/api/views/counts"))).counts,
  staleTime: 5_000,
  refetchInterval: 60_000,
});

export const threadQuery = (account: string, thread: string) =>
  infiniteQueryOptions({
    queryKey: ["thread", account, thread],
    queryFn: ({ pageParam }) =>
      answer(api.GET("/api/threads", { params: { query: { account, thread, ...(pageParam ? { after: pageParam } : {}) } } })), // prettier-ignore
    initialPageParam: "",
    getNextPageParam: (last) => last.next || undefined,
    staleTime: fresh,
  });

export const boardQuery = queryOptions({
  queryKey: ["board"],
  queryFn: () => answer(api.GET("/api/board")),
  staleTime: 1_000,
  refetchInterval: 30_000,
});

export const incidentsQuery = queryOptions({
  queryKey: ["incident", "list"],
  queryFn: async () => (await answer(api.GET("/api/incidents"))).items,
  staleTime: fresh,
});

export const incidentQuery = (id: string) =>
  queryOptions({
    queryKey: ["incident", id],
    queryFn: () => answer(api.GET("/api/incidents/{id}", { params: { path: { id } } })),
    staleTime: fresh,
  });

export const deliveriesQuery = (state: "held" | "unknown" | "failed") =>
  queryOptions({
    queryKey: ["deliveries", state],
    queryFn: async () => (await answer(api.GET("/api/deliveries", { params: { query: { state } } }))).items,
    staleTime: fresh,
  });

/** What was posted, the newest first, and what is on its way. */
export const postsQuery = infiniteQueryOptions({
  queryKey: ["posts"],
  queryFn: ({ pageParam }) =>
    answer(api.GET("/api/posts", { params: { query: { limit: 20, ...(pageParam ? { after: pageParam } : {}) } } })),
  initialPageParam: "",
  getNextPageParam: (last) => last.next || undefined,
  staleTime: fresh,
});

/** How a public conversation can go on in private. */
export const privateQuery = (id: string) =>
  queryOptions({
    queryKey: ["private", id],
    queryFn: () => answer(api.GET("/api/conversations/{id}/private", { params: { path: { id } } })),
    staleTime: fresh,
  });

export interface ContactFilter {
  q: string;
  standing: string;
  channel: string;
  language: string;
  /** The day from which on they wrote, or "". */
  since: string;
}

export const contactsQuery = (f: ContactFilter) =>
  infiniteQueryOptions({
    queryKey: ["contacts", f],
    queryFn: ({ pageParam }) => {
      const given = Object.fromEntries(Object.entries({ ...f, after: pageParam }).filter(([, v]) => v));
      return answer(api.GET("/api/contacts", { params: { query: { limit: 100, ...given } } }));
    },
    initialPageParam: "",
    getNextPageParam: (last) => last.next || undefined,
    staleTime: fresh,
  });

/** Who may be the same person. */
export const suspectsQuery = (id: string) =>
  queryOptions({
    queryKey: ["contact", id, "same"],
    queryFn: async () => (await answer(api.GET("/api/contacts/{id}/same", { params: { path: { id } } }))).items,
    staleTime: 60_000,
  });

export const contactQuery = (id: string) =>
  queryOptions({
    queryKey: ["contact", id],
    queryFn: () => answer(api.GET("/api/contacts/{id}", { params: { path: { id } } })),
    staleTime: fresh,
  });

export const intentsQuery = queryOptions({
  queryKey: ["intents"],
  queryFn: async () => (await answer(api.GET("/api/intents"))).items,
  staleTime: Infinity,
});

export const topicsQuery = queryOptions({
  queryKey: ["topics", "all"],
  queryFn: async () => (await answer(api.GET("/api/topics"))).items,
  staleTime: 10_000,
});

export const scoreboardQuery = (days: number) =>
  queryOptions({
    queryKey: ["scoreboard", days],
    queryFn: () => answer(api.GET("/api/scoreboard", { params: { query: { days } } })),
    staleTime: fresh,
    placeholderData: keepPreviousData,
  });

/** The conversations behind a figure of the scoreboard. */
export const verdictsQuery = (filter: VerdictFilter) =>
  infiniteQueryOptions({
    queryKey: ["verdicts", filter],
    queryFn: ({ pageParam }) =>
      answer(api.GET("/api/verdicts", { params: { query: { ...filter, limit: pageSize, ...(pageParam ? { after: pageParam } : {}) } } })), // prettier-ignore
    initialPageParam: "",
    getNextPageParam: (last) => last.next || undefined,
    staleTime: fresh,
  });

export const departmentsQuery = queryOptions({
  queryKey: ["departments"],
  queryFn: async () => (await answer(api.GET("/api/departments"))).items,
  staleTime: fresh,
});

export const peopleQuery = (q = "") =>
  queryOptions({
    queryKey: ["people", "all", q],
    queryFn: async () => (await answer(api.GET("/api/people", { params: { query: q ? { q } : {} } }))).items,
    placeholderData: keepPreviousData,
    staleTime: fresh,
  });

export const personQuery = (id: string) =>
  queryOptions({
    queryKey: ["people", "one", id],
    queryFn: () => answer(api.GET("/api/people/{id}", { params: { path: { id } } })),
    staleTime: fresh,
  });

export const invitationsQuery = queryOptions({
  queryKey: ["invitations"],
  queryFn: async () => (await answer(api.GET("/api/invitations"))).items,
  staleTime: fresh,
});

export const channelsQuery = queryOptions({
  queryKey: ["channels"],
  queryFn: async () => (await answer(api.GET("/api/channels"))).items,
  staleTime: Infinity,
});

export const accountsQuery = queryOptions({
  queryKey: ["accounts", "all"],
  queryFn: async () => (await answer(api.GET("/api/accounts"))).items,
  staleTime: fresh,
});

export const accountQuery = (id: string) =>
  queryOptions({
    queryKey: ["accounts", "one", id],
    queryFn: () => answer(api.GET("/api/accounts/{id}", { params: { path: { id } } })),
    staleTime: fresh,
  });

export const arrivalsQuery = (account: string) =>
  queryOptions({
    queryKey: ["arrivals", account],
    queryFn: async () =>
      (await answer(api.GET("/api/accounts/{id}/arrivals", { params: { path: { id: account } } }))).items,
    staleTime: fresh,
  });

export const settingsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: () => answer(api.GET("/api/settings")),
  staleTime: fresh,
});

export const adviceQuery = queryOptions({
  queryKey: ["advice"],
  queryFn: () => answer(api.GET("/api/advice")),
  staleTime: 10_000,
});

export const houseMailQuery = queryOptions({
  queryKey: ["house-mail"],
  queryFn: () => answer(api.GET("/api/mail")),
  staleTime: 10_000,
});

/** What is asked of me; of what I may not see the conversation of, with what I may see. */
export const myRequestsQuery = queryOptions({
  queryKey: ["my-requests"],
  queryFn: async () => (await answer(api.GET("/api/requests"))).items,
  staleTime: fresh,
});

/** By when and how somebody can be asked. */
export const askingWayQuery = (department: string, person: string | undefined) =>
  queryOptions({
    queryKey: ["asking-way", department, person],
    queryFn: () =>
      answer(api.GET("/api/requests/way", { params: { query: { department, ...(person ? { person } : {}) } } })),
    staleTime: 60_000,
  });

export const keysQuery = queryOptions({
  queryKey: ["keys"],
  queryFn: async () => (await answer(api.GET("/api/keys"))).items,
  staleTime: fresh,
});
