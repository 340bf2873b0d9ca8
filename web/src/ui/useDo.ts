import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { complain, tell } from "./toast";

interface Doing<T> {
  call: () => Promise<T>;
  /** What to say when it worked. */
  said?: string | ((out: T) => string);
  undo?: (() => unknown) | undefined;
  /** What has to be read again. */
  touches?: QueryKey[];
  then?: (out: T) => unknown;
  /** Takes the failure instead of a toast; true when it has shown it. */
  failed?: (error: unknown) => boolean | void;
}

/** Does one thing with the server: busy meanwhile, said when done, told when it failed. */
export function useDo(): { busy: boolean; run: <T>(doing: Doing<T>) => Promise<boolean> } {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const run = useCallback(
    async <T>({ call, said, undo, touches = [], then, failed }: Doing<T>): Promise<boolean> => {
      setBusy(true);
      try {
        const out = await call();
        if (said) {
          tell(typeof said === "string" ? said : said(out), { undo });
        }
        await then?.(out);
        return true;
      } catch (error) {
        if (!failed?.(error)) {
          complain(error);
        }
        return false;
      } finally {
        setBusy(false);
        touches.forEach((queryKey) => void queries.invalidateQueries({ queryKey }));
      }
    },
    [queries],
  );
  return { busy, run };
}
