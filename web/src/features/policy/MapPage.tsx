import { Button, Group, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import { useState } from "react";
import { answer, api } from "@/api/client";
import type { ResponsibilityMap, RowBody } from "@/api/types";
import { useNow } from "@/lib/now";
import { brief } from "@/lib/time";
import { say } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { Async, Empty } from "@/ui/Async";
import { Page, Section } from "@/ui/Page";
import { useDo } from "@/ui/useDo";
import { useZone } from "@/ui/Zone";
import { MapHistory } from "./MapHistory";
import { MapEditor } from "./MapEditor";
import { MapTable } from "./MapTable";
import { mapQuery } from "./queries";
import { TryMap } from "./Replay";
import { bodyOf } from "./row";
import { TemplateChoice } from "./TemplateChoice";

/** Which department answers what. */
export function MapPage() {
  const query = useQuery(mapQuery);
  return <Async of={query}>{(map) => <Loaded key={map.number} map={map} />}</Async>;
}

/** The map as it is being changed. */
interface Draft {
  rows: RowBody[];
  template: string;
}

function draftOf(map: ResponsibilityMap): Draft {
  return { rows: map.rows.map(bodyOf), template: "" };
}

function Loaded({ map }: { map: ResponsibilityMap }) {
  const [draft, setDraft] = useState<Draft | null>(null);
  const now = useNow();
  const zone = useZone();
  const manages = map.can.includes("manage");
  return (
    <Page
      title={say("map.title")}
      summary={say("map.summary")}
      deeds={
        manages &&
        !draft && (
          <DeedButton
            deed="map-edit"
            hotkey="e"
            leftSection={<Pencil size={15} aria-hidden />}
            onClick={() => setDraft(draftOf(map))}
          >
            {say("map.edit")}
          </DeedButton>
        )
      }
    >
      <Text size="sm" c="dimmed" mb="sm">
        {map.number === 0
          ? say("map.stated")
          : say("map.version", {
              number: map.number,
              who: map.by?.name || say("app.name"),
              when: map.at ? brief(map.at, now, zone) : "",
            })}
        {map.why && ` · ${map.why}`}
      </Text>
      {draft ? (
        <Editing map={map} draft={draft} onChange={setDraft} onEnd={() => setDraft(null)} />
      ) : map.rows.length === 0 ? (
        <Empty>{say("map.empty")}</Empty>
      ) : (
        <MapTable rows={map.rows} />
      )}
      <MapHistory manages={manages} />
    </Page>
  );
}

interface EditingProps {
  map: ResponsibilityMap;
  draft: Draft;
  onChange: (draft: Draft) => void;
  onEnd: () => void;
}

function Editing({ map, draft, onChange, onEnd }: EditingProps) {
  const { busy, run } = useDo();
  const [why, setWhy] = useState("");
  const whole = draft.rows.every((r) => r.department);
  return (
    <>
      <TemplateChoice value={draft.template} onChoose={(template, rows) => onChange({ template, rows })} />
      <MapEditor rows={draft.rows} onChange={(rows) => onChange({ ...draft, rows })} />
      <Section title={say("map.save")}>
        <TextInput
          maw={520}
          maxLength={500}
          label={say("map.why")}
          description={say("map.why.help")}
          value={why}
          onChange={(e) => setWhy(e.currentTarget.value)}
        />
        <Group mt="sm" gap="sm">
          <DeedButton
            deed="save"
            hotkey="mod+Enter"
            loading={busy}
            disabled={!whole}
            onClick={() =>
              run({
                call: () =>
                  answer(
                    api.PUT("/api/map", {
                      body: { rows: draft.rows, template: draft.template, why, based: map.number },
                    }),
                  ),
                said: say("map.saved"),
                then: onEnd,
                touches: [["map"]],
              })
            }
          >
            {say("map.save")}
          </DeedButton>
          <Button variant="default" onClick={onEnd}>
            {say("map.discard")}
          </Button>
        </Group>
      </Section>
      <TryMap rows={draft.rows} ready={whole} />
    </>
  );
}
