import "@/ui/forms";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { SearchPage } from "@/features/desk/SearchPage";
import { WhereContext } from "@/features/desk/where";
import { learn } from "@/lib/words";
import { searchWords } from "@/lib/words/search";
import { useFar } from "./far";

learn(searchWords);

export function SearchRoute() {
  const filter = useSearch({ from: "/inside/search" });
  const navigate = useNavigate();
  return (
    <WhereContext value={useFar()}>
      <SearchPage filter={filter} onFilter={(search) => void navigate({ to: "/search", search, replace: true })} />
    </WhereContext>
  );
}
