import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { VerdictFilter } from "@/api/types";
import { Tile } from "@/ui/Tiles";

/** A figure that opens its conversations. */
export function FigureLink({ to, label, children }: { to: VerdictFilter; label?: string; children: ReactNode }) {
  return (
    <Link
      to="/scoreboard/conversations"
      search={to}
      preload={false}
      {...(label ? { "aria-label": label, title: label } : {})}
    >
      {children}
    </Link>
  );
}

interface Props {
  name: string;
  value: ReactNode;
  more: string;
  to: VerdictFilter;
}

/** A figure of its own, with what it means below. */
export function Figure({ to, ...figure }: Props) {
  return <Tile to="/scoreboard/conversations" search={to} preload={false} {...figure} />;
}
