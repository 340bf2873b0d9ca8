import "@/ui/forms";
import { learn } from "@/lib/words";
import { staffWords } from "@/lib/words/staff";
import { useSuspenseQuery, useQueryClient } from "@tanstack/react-query";
import { Navigate, useRouter, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { sessionQuery } from "@/api/queries";
import type { Session } from "@/api/types";
import { Join } from "@/features/staff/Join";
import { Reset } from "@/features/staff/Reset";
import { SignIn } from "@/features/staff/SignIn";
import { placeOfOurs } from "../place";
import { takeToken } from "../token";

learn({ ...staffWords });

/** Lets a freshly signed-in person in, to where they were going. */
function useLetIn(): (session: Session, to?: string) => void {
  const queries = useQueryClient();
  const router = useRouter();
  return (session, to) => {
    queries.clear();
    queries.setQueryData(["session"], session);
    router.history.push(placeOfOurs(to));
  };
}

export function SignInPage() {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const { to } = useSearch({ from: "/signin" });
  const letIn = useLetIn();
  if (session.needsSetup) {
    return <Navigate to="/setup" />;
  }
  return <SignIn organisation={session.organisation} resets={session.resets} onIn={(s) => letIn(s, to)} />;
}

export function JoinPage() {
  const [token] = useState(takeToken);
  const letIn = useLetIn();
  return <Join token={token} onIn={(s) => letIn(s)} />;
}

export function ResetPage() {
  const [token] = useState(takeToken);
  const letIn = useLetIn();
  return <Reset token={token} onIn={(s) => letIn(s)} />;
}
