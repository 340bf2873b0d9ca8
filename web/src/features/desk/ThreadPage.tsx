import { useInfiniteQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { threadQuery } from "@/api/queries";
import { say } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { Async } from "@/ui/Async";
import { Page, Section } from "@/ui/Page";
import { answerable } from "./bulk";
import { Rows } from "./Rows";
import { ThreadPost } from "./ThreadPost";

const AlikeDialogue = lazy(() => import("./AlikeDialogue").then((m) => ({ default: m.AlikeDialogue })));

/** One public post, and everybody who writes under it: those who wait first. */
export function ThreadPage({ account, thread }: { account: string; thread: string }) {
  const query = useInfiniteQuery(threadQuery(account, thread));
  const [alike, setAlike] = useState(false);
  return (
    <Async of={query}>
      {({ pages }) => {
        const first = pages[0]!;
        const rows = pages.flatMap((p) => p.items);
        const waiting = answerable(rows);
        return (
          <Page
            title={say("thread.title")}
            summary={say("thread.people", { people: first.people, waiting: first.waiting })}
            deeds={
              waiting.length > 1 && (
                <DeedButton deed="alike" hotkey="a" onClick={() => setAlike(true)}>
                  {say("thread.all")}
                </DeedButton>
              )
            }
          >
            <ThreadPost thread={first} />
            <Section title={say("inbox.list")}>
              <Rows rows={rows} label={say("inbox.list")} />
              {query.hasNextPage && (
                <DeedButton
                  deed="more"
                  hotkey="m"
                  variant="default"
                  loading={query.isFetchingNextPage}
                  onClick={() => void query.fetchNextPage()}
                >
                  {say("thread.more")}
                </DeedButton>
              )}
            </Section>
            <Suspense>{alike && <AlikeDialogue rows={waiting} onClose={() => setAlike(false)} />}</Suspense>
          </Page>
        );
      }}
    </Async>
  );
}
