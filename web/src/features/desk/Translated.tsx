import { Loader, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { useSession } from "@/api/session";
import type { MessageEntry } from "@/api/types";
import { languageName } from "@/lib/text";
import { say } from "@/lib/words";
import { Prose } from "@/ui/Prose";
import styles from "./MessageCard.module.css";
import "./words";

/** What the reader reads: the language of their browser. */
function mine(): string {
  return navigator.language || "en";
}

/** Whether a message is worth a translation: there is a model to ask, and it is in a language that is not the reader's. */
export function useTranslatable(m: MessageEntry): boolean {
  const { translates } = useSession();
  const read = navigator.languages?.length ? navigator.languages : [mine()];
  return translates && !!m.lang && !!m.text && !read.some((l) => base(l) === base(m.lang));
}

function base(code: string | undefined): string {
  return (code ?? "").split("-")[0]?.toLowerCase() ?? "";
}

/** A message in the reader's language, as the language model has it. */
export function Translated({ conversation, message: m }: { conversation: string; message: MessageEntry }) {
  const to = mine();
  const found = useQuery({
    queryKey: ["translation", m.id, m.edited ?? "", to],
    queryFn: () =>
      answer(
        api.POST("/api/conversations/{id}/messages/{message}/translation", {
          params: { path: { id: conversation, message: m.id } },
          body: { to },
        }),
      ),
    staleTime: Infinity, // each call costs
    retry: false,
  });
  return (
    <blockquote className={styles["quoted"]} aria-busy={found.isPending}>
      {found.isPending && <Loader size="xs" aria-label={say("message.translate.wait")} />}
      {found.error && (
        <Text size="sm" c="red" role="alert">
          {found.error.message}
        </Text>
      )}
      {found.data && (
        <>
          <Prose text={found.data.text} lang={to} />
          <Text size="xs" c="dimmed" mt={4}>
            {say(found.data.cut ? "message.translate.cut" : "message.translate.by", {
              model: found.data.model,
              language: languageName(m.lang ?? ""),
            })}
          </Text>
        </>
      )}
    </blockquote>
  );
}
