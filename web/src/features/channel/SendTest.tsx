import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { CircleAlert, CircleCheck, Send } from "lucide-react";
import { useState } from "react";
import { answer, api } from "@/api/client";
import type { Account, Tested } from "@/api/types";
import { sentence } from "@/lib/http";
import { say } from "@/lib/words";
import { useDo } from "@/ui/useDo";

/** Sends a test message that no customer gets to see, and says what came of it. */
export function SendTest({ account: a }: { account: Account }) {
  const { busy, run } = useDo();
  const [out, setOut] = useState<Tested>();
  const [problem, setProblem] = useState("");

  const send = () => {
    setOut(undefined);
    setProblem("");
    void run({
      call: () => answer(api.POST("/api/accounts/{id}/test", { params: { path: { id: a.id } } })),
      then: setOut,
      failed: (error) => {
        setProblem(sentence(error));
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
      {problem && (
        <Alert color="red" variant="light" icon={<CircleAlert size={18} aria-hidden />} title={say("test.failed")}>
          {problem}
        </Alert>
      )}
    </Stack>
  );
}
