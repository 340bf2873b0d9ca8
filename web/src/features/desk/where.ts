import { useQueryClient } from "@tanstack/react-query";
import { createContext, type MouseEvent, type PointerEvent, use, useRef } from "react";
import { conversationQuery } from "@/api/queries";

/** The way between list and conversation; the routes decide what it is. */
export interface Where {
  href: (conversation: string) => string;
  open: (conversation: string) => void;
  /** Which one the address names, also while that is still being drawn. */
  at?: () => string | undefined;
  /** Back to the list alone. */
  list: () => void;
  /** To the post that several write under. */
  thread?: (account: string, thread: string) => void;
}

export const WhereContext = createContext<Where>({ href: () => "#", open: () => undefined, list: () => undefined });

/** How long a hand lies on a link before it is taken to mean it. */
const meant = 40;

/** What a link to a conversation needs: a plain click stays in the page, anything else is the browser's. */
export interface ConversationLink {
  href: string;
  onClick: (event: MouseEvent) => void;
  onPointerEnter: (event: PointerEvent) => void;
  onPointerLeave: () => void;
}

/** A link to a conversation, which is read ahead while the mouse lies on it. */
export function useConversationLink(id: string): ConversationLink {
  const where = use(WhereContext);
  const queries = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  return {
    href: where.href(id),
    onClick: (event) => {
      if (!event.metaKey && !event.ctrlKey && !event.shiftKey && event.button === 0) {
        event.preventDefault();
        where.open(id);
      }
    },
    onPointerEnter: (event) => {
      if (event.pointerType === "mouse") {
        timer.current = setTimeout(() => void queries.prefetchQuery(conversationQuery(id)), meant);
      }
    },
    onPointerLeave: () => clearTimeout(timer.current),
  };
}
