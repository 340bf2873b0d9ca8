import { useNavigate, useSearch } from "@tanstack/react-router";
import { PromisesPage } from "@/features/desk/PromisesPage";

export function PromisesRoute() {
  const navigate = useNavigate();
  const filter = useSearch({ from: "/inside/promises" });
  return <PromisesPage filter={filter} onFilter={(search) => void navigate({ to: "/promises", search })} />;
}
