import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { sessionQuery } from "./queries";
import type { Me, Session } from "./types";

/** Who is signed in where. The routes have seen to it that it is loaded. */
export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}

/** Who is signed in; only for screens behind the sign-in. */
export function useMe(): Me {
  const { person } = useSession();
  if (!person) {
    throw new Error("nobody is signed in");
  }
  return person;
}

/** Whether whoever is signed in may do this. */
export function useMay(deed: string): boolean {
  return useQuery(sessionQuery).data?.person?.can.includes(deed) ?? false;
}
