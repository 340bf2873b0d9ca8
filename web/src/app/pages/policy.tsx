import "@/ui/forms";
import { learn } from "@/lib/words";
import { policyWords } from "@/lib/words/policy";
import { MapPage } from "@/features/policy/MapPage";
import { Rules } from "@/features/policy/Rules";

learn({ ...policyWords });

export function MapRoute() {
  return <MapPage />;
}

export function RulesRoute() {
  return <Rules />;
}
