import { Navigate, useRouter } from "@tanstack/react-router";
import { useState } from "react";

/** The session ended while the page was open: to the sign-in, and back here afterwards. Drafts are kept. */
export function SignedOut() {
  const router = useRouter();
  // Read once: on the way to the sign-in the address changes under us, and following it would never end.
  const [to] = useState(() => router.state.location.href);
  return <Navigate to="/signin" search={{ to }} replace />;
}
