import { Button, Group, Modal, Stack, TagsInput } from "@mantine/core";
import { useState } from "react";
import "@/ui/forms";
import type { Row } from "@/api/types";
import { say } from "@/lib/words";
import { useDesk } from "./DeskProvider";
import "./words";

export function TagsDialogue({ on, onClose }: { on: Row; onClose: () => void }) {
  const { deeds } = useDesk();
  const [tags, setTags] = useState(on.tags);
  return (
    <Modal opened onClose={onClose} title={say("tags.title")} size="sm">
      <form
        onSubmit={(e) => {
          e.preventDefault();
          onClose();
          void deeds.tag(on, tags);
        }}
      >
        <Stack>
          <TagsInput
            data-autofocus
            label={say("tags.label")}
            placeholder={say("tags.placeholder")}
            value={tags}
            onChange={setTags}
            splitChars={[",", " "]}
            acceptValueOnBlur
          />
          <Group justify="flex-end">
            <Button type="submit">{say("do.save")}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
