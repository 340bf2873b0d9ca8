import type { Role } from "@/api/types";
import { say } from "@/lib/words";

export const roles: Role[] = ["administrator", "manager", "operator", "member", "contributor", "viewer", "agency"];

export function roleChoices(): { value: Role; label: string }[] {
  return roles.map((value) => ({ value, label: say(`role.${value}`) }));
}
