import { useState } from "react";
import { initials, pick } from "@/lib/text";
import styles from "./Face.module.css";

interface Props {
  name: string;
  /** Ours only (/api/…): nothing is ever loaded from outside. */
  src?: string | undefined;
  size?: number;
  square?: boolean;
}

/** A small picture of somebody; their initials until it is there, and when there is none. Decorative: the name always stands beside it. */
export function Face({ name, src, size = 32, square = false }: Props) {
  const [failed, setFailed] = useState<string>();
  const [seen, setSeen] = useState<string>();
  const ours = src?.startsWith("/") && !src.startsWith("//") && src !== failed ? src : undefined;
  return (
    <span
      className={styles["face"]}
      data-tint={pick(name, 6)}
      data-square={square || undefined}
      style={{ width: size, height: size, fontSize: Math.max(10, Math.round(size * 0.38)) }}
      aria-hidden
    >
      {seen !== ours || !ours ? initials(name) : null}
      {ours && (
        <img
          src={ours}
          alt=""
          width={size}
          height={size}
          loading="lazy"
          onLoad={() => setSeen(ours)}
          onError={() => setFailed(src)}
        />
      )}
    </span>
  );
}
