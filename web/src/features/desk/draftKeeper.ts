import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { answer, api } from "@/api/client";
import { useMe } from "@/api/session";
import { type Draft, draftQuery } from "@/api/writing";
import { amendDraft, dirtyDrafts, isBlank, type Kept, keptWhole, onDrafts, settleDraft } from "@/lib/drafts";
import { Problem } from "@/lib/http";

/** How long nothing is typed before the server is told, and how long to wait when it can't be reached, in milliseconds. */
const pause = 800;
const patience = 15_000;

/** The name under which a browser keeps what somebody has begun to write. */
export function draftName(person: string, conversation: string, kind: Draft["kind"]): string {
  return `${person}:${conversation}:${kind}`;
}

function parse(name: string, me: string): { conversation: string; kind: Draft["kind"] } | undefined {
  const [person, conversation, kind] = name.split(":");
  return person === me && conversation && (kind === "reply" || kind === "note") ? { conversation, kind } : undefined;
}

function kept(d: Draft): Kept {
  return {
    text: d.text,
    at: Date.parse(d.at),
    ...(d.files.length ? { files: d.files } : {}),
    ...(d.private ? { private: true } : {}),
    ...(d.cc.length ? { cc: d.cc } : {}),
    ...(d.ccFor ? { ccFor: d.ccFor } : {}),
  };
}

/** Whether the server will say no again. Who is signed out may sign in, and who was too quick may try later. */
function isFinal(error: unknown): boolean {
  return error instanceof Problem && error.status >= 400 && error.status < 500 && ![401, 429].includes(error.status);
}

/**
 * Tells the server of what is typed, so that it is there on every device: a moment after the last key, one draft after
 * the other, and as soon as the server can be reached again. Of two devices the one that was typed in last is right.
 */
export class DraftKeeper {
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #flying = new Set<string>();
  readonly #stop: () => void;

  constructor(
    readonly me: string,
    readonly queries: QueryClient,
  ) {
    const stop = onDrafts((name) => keptWhole(name).dirty && this.#later(name, pause));
    const all = () => dirtyDrafts().forEach((name) => void this.#save(name));
    const hidden = () => document.visibilityState === "hidden" && all();
    window.addEventListener("online", all);
    document.addEventListener("visibilitychange", hidden);
    this.#stop = () => {
      stop();
      window.removeEventListener("online", all);
      document.removeEventListener("visibilitychange", hidden);
      this.#timers.forEach((t) => clearTimeout(t));
    };
    all();
  }

  stop(): void {
    this.#stop();
  }

  #later(name: string, ms: number): void {
    if (parse(name, this.me)) {
      clearTimeout(this.#timers.get(name));
      this.#timers.set(
        name,
        setTimeout(() => void this.#save(name), ms),
      );
    }
  }

  async #save(name: string): Promise<void> {
    const where = parse(name, this.me);
    const sent = keptWhole(name);
    if (!where || !sent.dirty || this.#flying.has(name)) {
      return;
    }
    clearTimeout(this.#timers.get(name));
    this.#flying.add(name);
    const id = where.conversation;
    try {
      const stands = await answer(
        api.PUT("/api/conversations/{id}/draft", {
          params: { path: { id } },
          body: {
            kind: where.kind,
            text: sent.text,
            files: sent.files ?? [],
            private: sent.private ?? false,
            cc: sent.cc ?? [],
            ...(sent.cc?.length && sent.ccFor ? { ccFor: sent.ccFor } : {}),
            ago: Math.max(0, Date.now() - sent.at),
          },
        }),
      );
      if (keptWhole(name) === sent) {
        settleDraft(name, kept(stands));
      }
      this.queries.setQueryData<Draft[]>(["draft", id], (old) => [
        ...(old ?? []).filter((d) => d.kind !== stands.kind),
        stands,
      ]);
      void this.queries.invalidateQueries({ queryKey: ["drafts"] });
    } catch (error) {
      if (!isFinal(error)) {
        this.#later(name, patience);
      } else if (keptWhole(name) === sent) {
        const here = { ...sent };
        delete here.dirty;
        settleDraft(name, here); // it is not for us to write here any more: kept in this browser alone
      }
    } finally {
      this.#flying.delete(name);
      if (keptWhole(name).dirty && keptWhole(name) !== sent) {
        this.#later(name, pause);
      }
    }
  }
}

/** Keeps drafts on the server for as long as the page is open. */
export function useDraftKeeper(): void {
  const { id } = useMe();
  const queries = useQueryClient();
  useEffect(() => {
    // Keeps the server in step with what is typed.
    const keeper = new DraftKeeper(id, queries);
    return () => keeper.stop();
  }, [id, queries]);
}

/** Takes over what was typed in a conversation on another device, unless something newer was typed here. */
export function useDraftsFromElsewhere(conversation: string, stays: boolean): void {
  const { id } = useMe();
  const { data, isError } = useQuery({ ...draftQuery(conversation), enabled: stays });
  useEffect(() => {
    // Keeps this browser in step with the server.
    for (const kind of data ? (["reply", "note"] as const) : []) {
      const name = draftName(id, conversation, kind);
      const here = keptWhole(name);
      const there = data?.find((d) => d.kind === kind);
      if (here.dirty) {
        continue;
      }
      if (there && Date.parse(there.at) > here.at) {
        settleDraft(name, kept(there));
      } else if (!there && !isError && !isBlank(here)) {
        amendDraft(name, {}, here.at); // typed before drafts were kept on the server
      }
    }
  }, [data, isError, id, conversation]);
}

/** Forgets a draft whose words have been sent; the server has forgotten it in the same moment. */
export function forgetSent(queries: QueryClient, name: string, conversation: string): void {
  void queries.cancelQueries({ queryKey: ["draft", conversation] });
  queries.setQueryData<Draft[]>(["draft", conversation], []);
  settleDraft(name, { text: "", at: 0 });
  void queries.invalidateQueries({ queryKey: ["drafts"] });
}
