import { Button, Center, Loader, Skeleton, Stack, Text } from "@mantine/core";
import { CloudOff, Inbox } from "lucide-react";
import type { ReactNode } from "react";
import { Problem, sentence } from "@/lib/http";
import { say } from "@/lib/words";

/** As much of a query as is needed to show it. */
interface Loaded<T> {
  data: T | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
}

interface Props<T> {
  of: Loaded<T>;
  /** A sentence, or more, for when there is nothing; shown when the data is an empty list or isEmpty says so. */
  empty?: ReactNode;
  isEmpty?: (data: T) => boolean;
  /** What to show while waiting: rows of grey by default. */
  waiting?: ReactNode;
  children: (data: T) => ReactNode;
}

/** Waiting, failing and empty, handled in one place. What was loaded before stays on the screen while it is read again. */
export function Async<T>({ of, empty, isEmpty = emptyList, waiting, children }: Props<T>) {
  if (of.data !== undefined) {
    return empty !== undefined && isEmpty(of.data) ? <Empty>{empty}</Empty> : <>{children(of.data)}</>;
  }
  if (of.isPending) {
    return <>{waiting ?? <Waiting />}</>;
  }
  return <Failed error={of.error} again={of.refetch} />;
}

function emptyList(data: unknown): boolean {
  return Array.isArray(data) && data.length === 0;
}

export function Waiting({ rows = 4 }: { rows?: number }) {
  return (
    <Stack gap="sm" p="md" role="status" aria-label={say("wait.loading")}>
      {Array.from({ length: rows }, (_, i) => (
        <Skeleton key={i} height={i % 2 ? 14 : 40} radius="md" />
      ))}
    </Stack>
  );
}

export function WaitingPage() {
  return (
    <Center h="100%" mih={200} role="status" aria-label={say("wait.loading")}>
      <Loader size="sm" color="blue" />
    </Center>
  );
}

export function Failed({ error, again }: { error: unknown; again: () => unknown }) {
  const offline = error instanceof Problem && error.status === 0;
  return (
    <Center mih={180} p="lg">
      <Stack align="center" gap="xs" maw={420} role="alert">
        {offline && <CloudOff size={22} aria-hidden />}
        <Text fw={600}>{say("error.load")}</Text>
        <Text c="dimmed" ta="center">
          {sentence(error)}
        </Text>
        <Button variant="default" mt="xs" onClick={() => again()}>
          {say("do.retry")}
        </Button>
      </Stack>
    </Center>
  );
}

/** A fault of ours in drawing a part of the screen: the rest of it goes on. */
export function Crashed({ error, again }: { error: unknown; again: () => unknown }) {
  if (error instanceof Problem) {
    return <Failed error={error} again={again} />;
  }
  return (
    <Center mih={180} h="100%" p="lg">
      <Stack align="center" gap="xs" maw={420} role="alert">
        <Text fw={600}>{say("app.crash")}</Text>
        <Text c="dimmed" ta="center" size="sm">
          {sentence(error)}
        </Text>
        <Button variant="default" mt="xs" onClick={() => again()}>
          {say("app.crash.reload")}
        </Button>
      </Stack>
    </Center>
  );
}

/** Nothing here: a sentence that teaches what would be, and what to do. */
export function Empty({ children, icon, deed }: { children: ReactNode; icon?: ReactNode; deed?: ReactNode }) {
  return (
    <Center mih={180} h="100%" p="lg">
      <Stack align="center" gap="sm" maw={380}>
        <Text c="dimmed" lh={0} aria-hidden>
          {icon ?? <Inbox size={26} strokeWidth={1.4} />}
        </Text>
        <Text c="dimmed" ta="center" component="div">
          {children}
        </Text>
        {deed}
      </Stack>
    </Center>
  );
}
