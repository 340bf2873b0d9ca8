import { Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { answer, api } from "@/api/client";
import { incidentQuery } from "@/api/queries";
import { useNow } from "@/lib/now";
import { ago } from "@/lib/time";
import { say } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { Async } from "@/ui/Async";
import { Page, Section } from "@/ui/Page";
import { useDo } from "@/ui/useDo";
import { answerable } from "./bulk";
import { HandoverAll } from "./BulkBar";
import { useIncidentTitle } from "./incident";
import { Rows } from "./Rows";
import { PostOf } from "./ThreadPost";

const AlikeDialogue = lazy(() => import("./AlikeDialogue").then((m) => ({ default: m.AlikeDialogue })));

/** Many messages about one thing: its conversations, and what can be done with all of them. */
export function IncidentPage({ id, onBack }: { id: string; onBack: () => void }) {
  const query = useQuery(incidentQuery(id));
  const { busy, run } = useDo();
  const title = useIncidentTitle();
  const now = useNow();
  const [asking, setAsking] = useState<"take" | "alike">();
  const touches = [["incident"], ["board"], ["conversations"], ["counts"]];
  const path = { params: { path: { id } } };
  return (
    <Async of={query}>
      {(i) => {
        const waiting = answerable(i.items);
        const first = i.items.find((r) => !r.private && r.thread);
        return (
          <Page
            title={title(i)}
            before={
              <DeedButton deed="back" hotkey="Escape" size="compact-sm" variant="subtle" onClick={onBack}>
                {say("incident.back")}
              </DeedButton>
            }
            deeds={
              <>
                {waiting.length > 1 && (
                  <DeedButton deed="alike" hotkey="a" variant="default" onClick={() => setAsking("alike")}>
                    {say("incident.alike")}
                  </DeedButton>
                )}
                {i.can.includes("end") && (
                  <Button
                    variant="default"
                    loading={busy}
                    onClick={() =>
                      void run({
                        call: () => answer(api.POST("/api/incidents/{id}/end", path)),
                        said: say("incident.ended"),
                        touches,
                      })
                    }
                  >
                    {say("incident.end")}
                  </Button>
                )}
                {i.can.includes("take") && (
                  <DeedButton deed="incident-take" hotkey="c" onClick={() => setAsking("take")}>
                    {say("incident.take")}
                  </DeedButton>
                )}
              </>
            }
            summary={
              <>
                {say("incident.counts", { n: i.conversations, waiting: i.waiting })} ·{" "}
                {i.owner
                  ? say("incident.owner", { name: i.owner.person?.name ?? i.owner.department.name })
                  : say("incident.nobody")}
                {i.endedAt && <> · {say("incident.over", { when: ago(i.endedAt, now) })}</>}
                <Text size="sm">{say("incident.now", { seen: i.seen, usual: i.usual })}</Text>
              </>
            }
          >
            {i.kind === "post" && first?.thread && <PostOf account={first.account.id} thread={first.thread} />}
            <Section title={say("inbox.list")}>
              <Rows rows={i.items} label={say("inbox.list")} />
            </Section>
            {asking === "take" && (
              <HandoverAll
                n={i.waiting}
                onClose={() => setAsking(undefined)}
                onDo={(what) => {
                  setAsking(undefined);
                  const { department, person } = what;
                  void run({
                    call: () => answer(api.POST("/api/incidents/{id}/take", { ...path, body: { ...(department ? { department } : {}), ...(person ? { person } : {}) } })), // prettier-ignore
                    said: (out) => (out.left ? say("incident.taken.left", { n: out.left }) : say("incident.taken")),
                    touches,
                  });
                }}
              />
            )}
            <Suspense>
              {asking === "alike" && <AlikeDialogue rows={waiting} onClose={() => setAsking(undefined)} />}
            </Suspense>
          </Page>
        );
      }}
    </Async>
  );
}
