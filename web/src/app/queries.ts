import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { Problem } from "@/lib/http";

/** The cache of what the server knows. An answer 401 anywhere means: ask again who is signed in. */
export function makeQueries(): QueryClient {
  const onError = (error: unknown) => {
    if (error instanceof Problem && error.status === 401) {
      void queries.invalidateQueries({ queryKey: ["session"] });
    }
  };
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        // Only what may pass by itself is tried again: no connection, or the server in trouble.
        retry: (failures, error) =>
          failures < 2 && error instanceof Problem && (error.status === 0 || error.status >= 500),
        refetchOnWindowFocus: true,
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
  return queries;
}
