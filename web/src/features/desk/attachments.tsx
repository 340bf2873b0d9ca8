import { ActionIcon, CloseButton, FileButton, Tooltip } from "@mantine/core";
import { Paperclip } from "lucide-react";
import { useState } from "react";
import { upload } from "@/api/client";
import type { Limits, Upload } from "@/api/types";
import { size } from "@/lib/text";
import { say } from "@/lib/words";
import { complain } from "@/ui/toast";
import styles from "./Composer.module.css";

/** Files that go with an answer: on their way to the server, and there. */
export function useAttachments(limits: Limits) {
  const [there, setThere] = useState<Upload[]>([]);
  const [onTheWay, setOnTheWay] = useState<string[]>([]);

  async function add(file: File | null) {
    if (!file) {
      return;
    }
    if (there.length + onTheWay.length >= limits.media) {
      complain(new Error(say("composer.attach.tooMany", { n: limits.media })));
      return;
    }
    if (limits.mediaSize && file.size > limits.mediaSize) {
      complain(new Error(say("composer.attach.tooBig", { name: file.name, size: size(limits.mediaSize) })));
      return;
    }
    setOnTheWay((names) => [...names, file.name]);
    try {
      const done = await upload(file);
      setThere((files) => [...files, done]);
    } catch (error) {
      complain(error, () => void add(file));
    } finally {
      setOnTheWay((names) => names.filter((n) => n !== file.name));
    }
  }

  return {
    there,
    onTheWay,
    ids: there.map((f) => f.id),
    busy: onTheWay.length > 0,
    add,
    remove: (id: string) => setThere((files) => files.filter((f) => f.id !== id)),
    clear: () => setThere([]),
    /** Puts back what was taken away by clear. */
    restore: (files: Upload[]) => setThere(files),
  };
}

export type Files = ReturnType<typeof useAttachments>;

export function AttachButton({ files, limits }: { files: Files; limits: Limits }) {
  return limits.media === 0 ? null : (
    <FileButton
      onChange={(file) => void files.add(file)}
      inputProps={{ "aria-label": say("composer.attach"), tabIndex: -1 }}
    >
      {(props) => (
        <Tooltip label={say("composer.attach")}>
          <ActionIcon {...props} aria-label={say("composer.attach")}>
            <Paperclip size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )}
    </FileButton>
  );
}

export function Attached({ files }: { files: Files }) {
  if (files.there.length + files.onTheWay.length === 0) {
    return null;
  }
  return (
    <ul className={styles["files"]}>
      {files.there.map((f) => (
        <li key={f.id} className={styles["file"]}>
          <bdi>{f.name}</bdi> {size(f.size)}
          <CloseButton
            size="xs"
            aria-label={say("composer.attach.remove", { name: f.name })}
            onClick={() => files.remove(f.id)}
          />
        </li>
      ))}
      {files.onTheWay.map((name) => (
        <li key={name} className={styles["file"]} role="status">
          {say("composer.attaching", { name })}
        </li>
      ))}
    </ul>
  );
}
