import { Group, Stack } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { accountsQuery, postsQuery } from "@/api/queries";
import { say } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { Async } from "@/ui/Async";
import { Page, Section } from "@/ui/Page";
import { DeliveryCard } from "./DeliveryCard";
import styles from "./Outgoing.module.css";
import { PostForm } from "./PostForm";
import { SpokenAs } from "./SpokenAs";

/** Something new to be said in public, and what became of what was said before. */
export function Posts() {
  const accounts = useQuery(accountsQuery);
  const speaking = { ...accounts, data: accounts.data?.filter((a) => a.can.includes("post")) };
  return (
    <Page narrow title={say("post.title")} summary={say("post.summary")}>
      <Async of={speaking} empty={say("post.none")}>
        {(list) => <PostForm accounts={list} />}
      </Async>
      <Section title={say("post.list")}>
        <Posted />
      </Section>
    </Page>
  );
}

function Posted() {
  const query = useInfiniteQuery(postsQuery);
  const of = { ...query, data: query.data?.pages.flatMap((p) => p.items) };
  return (
    <Async of={of} empty={say("post.list.empty")}>
      {(posts) => (
        <Stack gap="md">
          {posts.map((d) => (
            <div key={d.id} className={styles["item"]}>
              <SpokenAs account={d.account} />
              <DeliveryCard delivery={d} />
            </div>
          ))}
          {query.hasNextPage && (
            <Group justify="center">
              <DeedButton
                deed="more"
                hotkey="m"
                variant="default"
                loading={query.isFetchingNextPage}
                onClick={() => void query.fetchNextPage()}
              >
                {say("post.more")}
              </DeedButton>
            </Group>
          )}
        </Stack>
      )}
    </Async>
  );
}
