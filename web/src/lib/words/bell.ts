/** Of the bell, which every page has. */
export const bellWords = {
  "bell.title": "Notifications",
  "bell.open": "Notifications, {n} unread",
  "bell.none": "Notifications",
  "bell.all": "Show all",
  "bell.settings": "What you are told of",
  "bell.readAll": "Mark all as read",
  "bell.readAll.done": "All is read.",
  "bell.empty":
    "Nothing yet. Here you read what concerns you: what is put through to you, what you are asked, and what becomes of it.",
  "bell.emptyUnread": "You have read everything.",
  "bell.markRead": "Mark as read",
  "bell.unread": "Unread",
  "bell.everything": "Everything",
  "bell.show": "Show",
  "bell.more": "Show older ones",
  "nav.notifications": "Notifications",
  "nav.chats": "Chat rooms",
  "offline.kept": "Kept. It is sent once, as soon as the line is back.",
  "offline.waits": "Waits for the connection",
  "offline.sending": "Being sent",
  "offline.refused": "Not sent: {why}",
  "offline.unclear":
    "Nobody can tell any more whether this was sent. Look at the conversation before you send it again.",
  "offline.takeBack": "Take back",
  "offline.takenBack": "Taken back. The words stand where you write.",
  "offline.gone": "It was sent meanwhile, or taken back in another window.",
  "offline.again": "Send now",
  "offline.reply": "Your answer",
  "offline.note": "Your note",
  "offline.answer": "What you were asked",
  "offline.banner":
    "No connection. What you read before can be read; {n} thing you wrote waits.|No connection. What you read before can be read; {n} things you wrote wait.",
  "offline.signOut":
    "{n} thing you wrote is not sent yet and would be lost.|{n} things you wrote are not sent yet and would be lost.",
  "offline.signOut.anyway": "Sign out all the same",
  "offline.title": "Written without a connection",
} as const;
