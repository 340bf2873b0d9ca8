import { createContext, use } from "react";

/** The viewer's time zone: every exact time is shown in it. */
export const Zone = createContext(Intl.DateTimeFormat().resolvedOptions().timeZone);

export function useZone(): string {
  return use(Zone);
}
