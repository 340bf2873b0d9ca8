import type { FormErrors } from "@mantine/form";
import { Problem } from "@/lib/http";
import { say } from "@/lib/words";

export const required = (value: string): string | null => (value.trim() ? null : say("form.required"));
export const email = (value: string): string | null => (/^\S+@\S+\.\S+$/.test(value.trim()) ? null : say("form.email"));
export const password = (value: string): string | null => (value.length >= 10 ? null : say("form.password"));
export const webAddress = (value: string): string | null =>
  /^https?:\/\/\S+/.test(value.trim()) ? null : say("form.url");

/** What the server says is wrong, by field, as a form wants it. */
export function fieldErrors(error: unknown, prefix = ""): FormErrors {
  if (!(error instanceof Problem)) {
    return {};
  }
  return Object.fromEntries(
    Object.entries(error.fields)
      .filter(([place]) => place.startsWith(prefix))
      .map(([place, message]) => [place.slice(prefix.length), message]),
  );
}
