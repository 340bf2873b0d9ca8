import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { CircleAlert, CircleCheck, Send } from "lucide-react";
import { useState } from "react";
import { answer, api } from "@/api/client";
import type { Account, Tested } from "@/api/types";
import { Problem, sentence } from "@/lib/http";
import { brokeOff } from "@/lib/intents";
import { say } from "@/lib/words";
import { useDo } from "@/ui/useDo";

/** Whether nobody knows if the test went out: it says so, an error of the server's own, or no answer at all. */
function unclear(error: unknown): boolean {
  if (!(error instanceof Problem)) {
    return true;
  }
  const own = error.status >= 500 && (error.status !== 503 || error.instance !== undefined);
  return error.status === 0 || error.kind === "unclear" || own || brokeOff(error);
}

/** Sends a test message that no customer gets to see, and says what came of it. */
export function SendTest({ account: a }: { account: Account }) {
  const { busy, run } = useDo();
  const [out, setOut] = useState<Tested>();
  const [problem, setProblem] = useState<unknown>();

  const send = () => {
    setOut(undefined);
    setProblem(undefined);
    void run({
      call: () => answer(api.POST("/api/accounts/{id}/test", { params: { path: { id: a.id } } })),
      then: setOut,
      failed: (error) => {
        setProblem(error);
        return true;
      },
      touches: [["accounts"]],
    });
  };

  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {say("test.help")}
      </Text>
      <Group>
        <Button variant="default" leftSection={<Send size={16} aria-hidden />} loading={busy} onClick={send}>
          {say("test.send")}
        </Button>
        {busy && (
          <Text size="sm" c="dimmed" role="status">
            {say("test.busy")}
          </Text>
        )}
      </Group>
      {out && (
        <Alert
          color={out.seen ? "green" : "yellow"}
          variant="light"
          role="status"
          icon={out.seen ? <CircleCheck size={18} aria-hidden /> : <CircleAlert size={18} aria-hidden />}
          title={out.seen ? say("test.seen") : say("test.unseen")}
        >
          <p>{out.detail}</p>
          {out.note && <p>{out.note}</p>}
        </Alert>
      )}
      {problem !== undefined && (
        <Alert
          color="red"
          variant="light"
          icon={<CircleAlert size={18} aria-hidden />}
          title={unclear(problem) ? say("test.unclear") : say("test.failed")}
        >
          <p>{sentence(problem)}</p>
          {unclear(problem) && <p>{say("test.unclear.then")}</p>}
        </Alert>
      )}
    </Stack>
  );
}
