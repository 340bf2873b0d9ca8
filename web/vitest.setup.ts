import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";
import { forgetDrafts } from "@/lib/drafts";
import { learn } from "@/lib/words";
import { channelWords } from "@/lib/words/channel";
import { setupWords } from "@/lib/words/setup";
import { staffWords } from "@/lib/words/staff";
import { clearToasts } from "@/ui/toasts";

learn({ ...channelWords, ...setupWords, ...staffWords });

// The machine may be busy: what should come is waited for, not hurried.
// Whether something is hidden costs jsdom most of its time, and what we hide is not in the page.
configure({ asyncUtilTimeout: 25_000, defaultHidden: true });

// What jsdom lacks and a browser has.
class Watch {
  observe() {}
  unobserve() {}
  disconnect() {}
}
vi.stubGlobal("ResizeObserver", Watch);
vi.stubGlobal("scrollTo", () => undefined);
window.matchMedia = (query: string) => {
  const least = /min-width: (\d+)px/.exec(query)?.[1];
  const matches = least !== undefined && window.innerWidth >= Number(least);
  return {
    matches,
    media: query,
    onchange: null,
    addListener() {},
    removeListener() {},
    addEventListener() {},
    removeEventListener() {},
    dispatchEvent: () => false,
  };
};
Object.defineProperty(document, "fonts", { configurable: true, value: new EventTarget() });
Element.prototype.scrollIntoView = () => undefined;
Object.defineProperties(HTMLElement.prototype, {
  clientHeight: { configurable: true, get: () => 800 },
  clientWidth: { configurable: true, get: () => 400 },
  offsetHeight: { configurable: true, get: () => 800 },
  offsetWidth: { configurable: true, get: () => 400 },
});

afterEach(() => {
  cleanup();
  clearToasts();
  forgetDrafts();
  localStorage.clear();
  sessionStorage.clear();
});
