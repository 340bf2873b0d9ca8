/** Where to go for what the address says: a place of ours as it is, the beginning for another site's, however that is spelt. */
export function placeOfOurs(to: string | undefined, here = location.origin): string {
  try {
    const at = new URL(to ?? "/", here);
    if (at.origin === new URL(here).origin && /^\/(?![/\\])/.test(to ?? "/") && !/[\s\p{C}\\]/u.test(to ?? "/")) {
      return at.pathname + at.search + at.hash;
    }
  } catch {
    // It is no address at all.
  }
  return "/";
}
