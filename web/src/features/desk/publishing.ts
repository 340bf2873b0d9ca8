import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { answer, api } from "@/api/client";
import type { NewPost, OutgoingDelivery } from "@/api/types";
import { type DraftFile, keepDraft, putBack, typedSince } from "@/lib/drafts";
import { intentKey } from "@/lib/http";
import { say } from "@/lib/words";
import { complain, tell } from "@/ui/toast";
import type { Files } from "./attachments";
import "./words";

/** Publishes a post once: under one key for as long as it stays the same, and with time to take it back. */
export function usePublishing({ draft, files }: { draft: string; files: Files }) {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const intent = useRef({ words: "", key: "" });

  async function publish(body: NewPost) {
    if (busy) {
      return;
    }
    const words = JSON.stringify(body);
    if (intent.current.words !== words) {
      intent.current = { words, key: intentKey() };
    }
    setBusy(true);
    try {
      const params = { header: { "Idempotency-Key": intent.current.key } };
      const { items } = await answer(api.POST("/api/posts", { params, body }));
      const there = files.there;
      keepDraft(draft, typedSince(draft, body.text));
      files.clear();
      intent.current = { words: "", key: "" };
      said(items, body, there);
    } catch (error) {
      complain(error);
    } finally {
      setBusy(false);
      refresh();
    }
  }

  function said(items: OutgoingDelivery[], body: NewPost, there: DraftFile[]) {
    const undo = body.undo ?? 0;
    if (items.every((d) => d.state === "held")) {
      tell(say("composer.waits"));
    } else if (undo > 0) {
      tell(say("composer.sending", { n: undo }), { undo: () => unsend(items, body.text, there), seconds: undo });
    } else {
      tell(say("post.published"));
    }
  }

  async function unsend(items: OutgoingDelivery[], text: string, there: DraftFile[]) {
    try {
      await Promise.all(
        items.map((d) => answer(api.POST("/api/deliveries/{id}/cancel", { params: { path: { id: d.id } } }))),
      );
      putBack(draft, { text });
      files.restore(there);
      tell(say("post.unsent"));
    } catch (error) {
      complain(error);
    }
    refresh();
  }

  function refresh() {
    void queries.invalidateQueries({ queryKey: ["posts"] });
    void queries.invalidateQueries({ queryKey: ["deliveries"] });
  }

  return { publish, busy };
}
