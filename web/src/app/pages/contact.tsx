import "@/ui/forms";
import { useParams } from "@tanstack/react-router";
import { learn } from "@/lib/words";
import { contactWords } from "@/lib/words/contact";
import { conversationWords } from "@/lib/words/conversation";
import { ContactPage } from "@/features/contact/ContactPage";
import { Contacts } from "@/features/contact/Contacts";
import { ImportPage } from "@/features/contact/ImportPage";

learn({ ...conversationWords, ...contactWords });

export function ContactRoute() {
  return <ContactPage id={useParams({ from: "/inside/contacts/$contact" }).contact} />;
}

export function ContactsRoute() {
  return <Contacts />;
}

export function ImportRoute() {
  return <ImportPage />;
}
