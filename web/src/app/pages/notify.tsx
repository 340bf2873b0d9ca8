import "@/ui/forms";
import { ChatsPage } from "@/features/notify/Chats";
import { NotificationsPage } from "@/features/notify/NotificationsPage";
import { NotificationSettingsPage } from "@/features/notify/SettingsPage";
import { learn } from "@/lib/words";
import { notifyWords } from "@/lib/words/notify";

learn({ ...notifyWords });

export function NotificationsRoute() {
  return <NotificationsPage />;
}

export function NotificationSettingsRoute() {
  return <NotificationSettingsPage />;
}

export function ChatsRoute() {
  return <ChatsPage />;
}
