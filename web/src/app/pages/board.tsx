import "@/ui/forms";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Board } from "@/features/board/Board";
import { IncidentPage } from "@/features/desk/IncidentPage";
import { ThreadPage } from "@/features/desk/ThreadPage";
import { WhereContext } from "@/features/desk/where";
import { learn } from "@/lib/words";
import { boardWords } from "@/lib/words/board";
import { useFar } from "./far";

learn(boardWords);

export function BoardRoute() {
  const navigate = useNavigate();
  return <Board onIncident={(incident) => void navigate({ to: "/incidents/$incident", params: { incident } })} />;
}

export function IncidentRoute() {
  const { incident } = useParams({ from: "/inside/incidents/$incident" });
  const navigate = useNavigate();
  return (
    <WhereContext value={useFar()}>
      <IncidentPage id={incident} onBack={() => void navigate({ to: "/board" })} />
    </WhereContext>
  );
}

export function ThreadRoute() {
  const { account, thread } = useSearch({ from: "/inside/threads" });
  return (
    <WhereContext value={useFar()}>
      <ThreadPage account={account} thread={thread} />
    </WhereContext>
  );
}
