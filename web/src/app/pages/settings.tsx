import "@/ui/forms";
import "@mantine/core/styles/Code.css";
import "@mantine/core/styles/List.css";
import { learn } from "@/lib/words";
import { adviceWords } from "@/lib/words/advice";
import { mailWords } from "@/lib/words/mail";
import { staffWords } from "@/lib/words/staff";
import { AdvicePage } from "@/features/settings/Advice";
import { HouseMailPage } from "@/features/settings/HouseMail";
import { Keys } from "@/features/settings/Keys";
import { SettingsPage } from "@/features/settings/Settings";

learn({ ...staffWords, ...adviceWords, ...mailWords });

export function SettingsRoute() {
  return <SettingsPage />;
}

export function KeysRoute() {
  return <Keys />;
}

export function AdviceRoute() {
  return <AdvicePage />;
}

export function HouseMailRoute() {
  return <HouseMailPage />;
}
