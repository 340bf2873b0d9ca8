import { ActionIcon, CloseButton, FileButton, TextInput, Tooltip } from "@mantine/core";
import { Paperclip } from "lucide-react";
import { type ClipboardEvent, type DragEvent, useState } from "react";
import { upload } from "@/api/client";
import type { Limits } from "@/api/types";
import type { DraftFile } from "@/lib/drafts";
import { size } from "@/lib/text";
import { say } from "@/lib/words";
import { complain } from "@/ui/toast";
import styles from "./Composer.module.css";
import "./words";

/** Where the files that are there are kept: beside a form, or with a draft. */
interface Shelf {
  there: DraftFile[];
  set: (change: (files: DraftFile[]) => DraftFile[]) => void;
}

/** Files that go with an answer: on their way to the server, and there. */
export function useAttachments(limits: Limits, shelf?: Shelf) {
  const [own, setOwn] = useState<DraftFile[]>([]);
  const there = shelf?.there ?? own;
  const setThere = shelf?.set ?? setOwn;
  const [onTheWay, setOnTheWay] = useState<string[]>([]);

  async function addOne(file: File, before: number) {
    if (there.length + onTheWay.length + before >= limits.media) {
      complain(
        new Error(say(limits.media === 0 ? "composer.attach.none" : "composer.attach.tooMany", { n: limits.media })),
      );
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
      complain(error, () => void addOne(file, 0));
    } finally {
      setOnTheWay((names) => {
        const k = names.indexOf(file.name);
        return names.filter((_, i) => i !== k);
      });
    }
  }

  function addAll(list: Iterable<File>) {
    [...list].forEach((file, k) => void addOne(file, k));
  }

  return {
    there,
    onTheWay,
    ids: there.map((f) => f.id),
    busy: onTheWay.length > 0,
    add: (file: File | null) => file && addAll([file]),
    addAll,
    describe: (id: string, alt: string) => setThere((files) => files.map((f) => (f.id === id ? { ...f, alt } : f))),
    remove: (id: string) => setThere((files) => files.filter((f) => f.id !== id)),
    clear: () => setThere(() => []),
    /** Puts back what was taken away by clear. */
    restore: (files: DraftFile[]) => setThere(() => files),
  };
}

export type Files = ReturnType<typeof useAttachments>;

/** What a form needs so that files can be dropped on it and pasted into it; over says that one is held above it. */
export function useDrop(files: Files) {
  const [over, setOver] = useState(false);
  const holds = (e: DragEvent) => Array.from(e.dataTransfer.types).includes("Files");
  return {
    over,
    handlers: {
      onDragOver: (e: DragEvent) => {
        if (holds(e)) {
          e.preventDefault();
          e.dataTransfer.dropEffect = "copy";
          setOver(true);
        }
      },
      onDragLeave: (e: DragEvent) => {
        if (!(e.relatedTarget instanceof Node && e.currentTarget.contains(e.relatedTarget))) {
          setOver(false);
        }
      },
      onDrop: (e: DragEvent) => {
        if (holds(e)) {
          e.preventDefault();
          setOver(false);
          files.addAll(e.dataTransfer.files);
        }
      },
      onPaste: (e: ClipboardEvent) => {
        // A table copied from a spreadsheet is a picture too: words are taken as words.
        if (e.clipboardData.files.length > 0 && !e.clipboardData.types.includes("text/plain")) {
          e.preventDefault();
          files.addAll(e.clipboardData.files);
        }
      },
    },
  };
}

export function AttachButton({ files, limits }: { files: Files; limits: Limits }) {
  return limits.media === 0 ? null : (
    <FileButton onChange={files.addAll} multiple inputProps={{ "aria-label": say("composer.attach"), tabIndex: -1 }}>
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
      {files.onTheWay.map((name, k) => (
        <li key={`${name}${k}`} className={styles["file"]} role="status">
          {say("composer.attaching", { name })}
        </li>
      ))}
    </ul>
  );
}

/** What each picture shows, in words, for those who can't see it. */
export function Alts({ files, limits }: { files: Files; limits: Limits }) {
  const pictures = files.there.filter((f) => f.type.startsWith("image/"));
  return pictures.length === 0 ? null : (
    <div className={styles["alts"]}>
      {pictures.map((f) => (
        <TextInput
          key={f.id}
          size="xs"
          label={say("composer.attach.alt", { name: f.name })}
          placeholder={say("composer.attach.alt.placeholder")}
          dir="auto"
          {...(limits.alt ? { maxLength: limits.alt } : {})}
          value={f.alt ?? ""}
          onChange={(e) => files.describe(f.id, e.currentTarget.value)}
        />
      ))}
    </div>
  );
}
