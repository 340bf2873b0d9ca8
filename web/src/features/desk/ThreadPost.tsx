import { Anchor, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { threadQuery } from "@/api/queries";
import type { Thread } from "@/api/types";
import { useNow } from "@/lib/now";
import { ago } from "@/lib/time";
import { say } from "@/lib/words";
import { Async } from "@/ui/Async";
import { Card } from "@/ui/Page";
import { Prose } from "@/ui/Prose";

/** The public post that a thread hangs under, as far as it is known. */
export function ThreadPost({ thread: { post, account } }: { thread: Thread }) {
  const now = useNow();
  return (
    <Card>
      {post ? (
        <>
          <Text size="sm" c="dimmed">
            {post.ours ? say("thread.by", { account: account.handle }) : say("thread.by.other")}, {ago(post.at, now)}
          </Text>
          <Prose text={post.text} />
          {post.url && (
            <Anchor size="sm" href={post.url} target="_blank" rel="noreferrer noopener">
              {say("thread.open")}
            </Anchor>
          )}
        </>
      ) : (
        <Text c="dimmed">{say("thread.unknown")}</Text>
      )}
    </Card>
  );
}

/** The post of a thread that is not read yet. */
export function PostOf({ account, thread }: { account: string; thread: string }) {
  const query = useInfiniteQuery(threadQuery(account, thread));
  return <Async of={query}>{({ pages }) => <ThreadPost thread={pages[0]!} />}</Async>;
}
