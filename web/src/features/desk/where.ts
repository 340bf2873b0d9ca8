import { createContext, type MouseEvent, use } from "react";

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

/** What a link to a conversation needs: a plain click stays in the page, anything else is the browser's. */
export function useConversationLink(id: string): { href: string; onClick: (event: MouseEvent) => void } {
  const where = use(WhereContext);
  return {
    href: where.href(id),
    onClick: (event) => {
      if (!event.metaKey && !event.ctrlKey && !event.shiftKey && event.button === 0) {
        event.preventDefault();
        where.open(id);
      }
    },
  };
}
