import { useNavigate, useSearch } from "@tanstack/react-router";
import { Scoreboard } from "@/features/insight/Scoreboard";
import { Verdicts } from "@/features/insight/Verdicts";
import { learn } from "@/lib/words";
import { insightWords } from "@/lib/words/insight";

learn({ ...insightWords });

export function ScoreboardRoute() {
  const navigate = useNavigate();
  const { days } = useSearch({ from: "/inside/scoreboard" });
  return <Scoreboard days={days ?? 30} onDays={(n) => void navigate({ to: "/scoreboard", search: { days: n } })} />;
}

export function VerdictsRoute() {
  return <Verdicts filter={useSearch({ from: "/inside/scoreboard/conversations" })} />;
}
