import { Anchor, Modal } from "@mantine/core";
import type { Media } from "@/api/types";
import { say } from "@/lib/words";
import styles from "./MessageCard.module.css";
import "./words";

/** A picture in full, with what it shows in words. */
export function Lightbox({ media, onClose }: { media: Media; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={media.name || say("message.media.picture")} size="xl">
      <figure className={styles["figure"]}>
        <img src={media.url} alt={media.alt} />
        <figcaption>
          {media.alt || say("message.media.none")}{" "}
          <Anchor href={`${media.url}?download`} download={media.name}>
            {say("message.media.whole")}
          </Anchor>
        </figcaption>
      </figure>
    </Modal>
  );
}
