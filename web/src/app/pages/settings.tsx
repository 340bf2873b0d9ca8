import "@/ui/forms";
import { learn } from "@/lib/words";
import { staffWords } from "@/lib/words/staff";
import { Keys } from "@/features/settings/Keys";
import { SettingsPage } from "@/features/settings/Settings";

learn({ ...staffWords });

export function SettingsRoute() {
  return <SettingsPage />;
}

export function KeysRoute() {
  return <Keys />;
}
