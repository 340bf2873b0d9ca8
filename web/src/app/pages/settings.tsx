import { Keys } from "@/features/settings/Keys";
import { SettingsPage } from "@/features/settings/Settings";

export function SettingsRoute() {
  return <SettingsPage />;
}

export function KeysRoute() {
  return <Keys />;
}
