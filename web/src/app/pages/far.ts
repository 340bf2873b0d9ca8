import { useNavigate, useRouter } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Where } from "@/features/desk/where";

/** The way to a conversation from a page that is not the inbox. */
export function useFar(): Where {
  const navigate = useNavigate();
  const router = useRouter();
  return useMemo((): Where => {
    const at = (conversation: string) =>
      ({ to: "/inbox/$view/{-$conversation}", params: { view: "all", conversation } }) as const;
    return {
      href: (id) => router.buildLocation(at(id)).href,
      open: (id) => void navigate(at(id)),
      list: () =>
        void navigate({ to: "/inbox/$view/{-$conversation}", params: { view: "all", conversation: undefined } }),
    };
  }, [navigate, router]);
}
