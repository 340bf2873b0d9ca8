import { Navigate, useRouterState } from "@tanstack/react-router";

/** The session ended while the page was open: to the sign-in, and back here afterwards. Drafts are kept. */
export function SignedOut() {
  const to = useRouterState({ select: (s) => s.location.href });
  return <Navigate to="/signin" search={{ to }} replace />;
}
