import "@/ui/forms";
import { useParams } from "@tanstack/react-router";
import { ContactPage } from "@/features/contact/ContactPage";

export function ContactRoute() {
  return <ContactPage id={useParams({ from: "/inside/contacts/$contact" }).contact} />;
}
