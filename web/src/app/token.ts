/**
 * The one-time token of a link (/join#token), taken out of the address so that it stays in no history and no
 * screenshot. Kept for this tab, so that loading the page again still works.
 */
export function takeToken(): string {
  const key = `token:${location.pathname}`;
  const token = location.hash.slice(1);
  if (token) {
    sessionStorage.setItem(key, token);
    history.replaceState(history.state, "", location.pathname);
  }
  return token || (sessionStorage.getItem(key) ?? "");
}
