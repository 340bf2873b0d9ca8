import { createMemoryHistory } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { vi } from "vitest";
import { App } from "@/app/App";
// The screens that are read when first wanted, read beforehand: how long that takes is not what is tested.
import "@/app/pages/inbox";
import "@/app/Palette";
import "@/features/desk/AskDialogue";
import "@/features/desk/Composer";
import "@/features/desk/BulkBar";
import "@/features/desk/ConversationPane";
import "@/features/desk/PutThroughDialogue";
import "@/features/desk/SnoozeDialogue";
import { Pretend, type PretendOptions } from "./pretend";

interface Opening extends PretendOptions {
  width?: number;
  /** What has happened at the server before the page is opened. */
  before?: (server: Pretend) => void;
}

/** The whole page at an address, on a pretend server, in front of somebody with a mouse and a keyboard. */
export function open(address: string, options: Opening = {}) {
  window.innerWidth = options.width ?? 1440;
  const server = new Pretend(options);
  options.before?.(server);
  vi.stubGlobal("fetch", server.fetch);
  const feed = liveFeed(server);
  const history = createMemoryHistory({ initialEntries: [address] });
  const user = userEvent.setup({ delay: null });
  const page = render(<App history={history} />);
  return { server, feed, history, user, page, address: () => history.location.href };
}

/** Writes into a field at one go. */
export async function write(user: ReturnType<typeof userEvent.setup>, field: HTMLElement, text: string): Promise<void> {
  await user.click(field);
  await user.paste(text);
}

/** An EventSource that hears the pretend server. */
function liveFeed(server: Pretend) {
  const feed = { sources: [] as EventTarget[] };
  class Source extends EventTarget {
    readyState = 1;
    onopen?: () => void;
    onerror?: () => void;
    #stop: () => void;
    constructor() {
      super();
      feed.sources.push(this);
      this.#stop = server.hear((entry) => {
        this.dispatchEvent(new MessageEvent("entry", { data: JSON.stringify(entry), lastEventId: String(entry.seq) }));
      });
      const quiet = server.hearMurmurs((kind, conversation) => {
        this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify({ conversation }) }));
      });
      const stop = this.#stop;
      this.#stop = () => (stop(), quiet());
      queueMicrotask(() => this.onopen?.());
    }
    close() {
      this.readyState = 2;
      this.#stop();
    }
  }
  vi.stubGlobal("EventSource", Source);
  return feed;
}
