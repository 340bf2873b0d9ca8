import type { IncomingMessage, ServerResponse } from "node:http";
import type { Connect, Plugin } from "vite";
import { Pretend } from "./pretend";

const crack =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 320"><rect width="480" height="320" fill="#cfd5de"/><rect y="220" width="480" height="100" fill="#a08d72"/><path d="M90 120h300c-10 40-70 50-100 54v34h50v30H150v-30h50v-34c-60-4-100-24-110-54z" fill="#454b57"/><path d="M300 118l-14 40 18 10-16 42" stroke="#e8eaef" stroke-width="4" fill="none"/></svg>';

/**
 * Serves the pretend server to `npm run dev` and `vite preview`. Who is signed in is said by the environment: AS=per_sue000001
 * (default: nobody, with the demo's choice of people), SETUP=1 for a fresh installation, MORE=1000 for a long list.
 */
export function pretendServer(): Plugin {
  const env = process.env;
  const server = new Pretend({
    as: env["AS"],
    demo: !env["SETUP"],
    needsSetup: Boolean(env["SETUP"]),
    more: Number(env["MORE"] ?? 0),
  });
  const handle: Connect.NextHandleFunction = (request, response, next) => {
    const url = request.url ?? "";
    if (url.startsWith("/api/live")) {
      live(server, request, response);
    } else if (url.startsWith("/api/media/")) {
      response.setHeader("Content-Type", "image/svg+xml");
      response.end(crack);
    } else if (url.startsWith("/api/")) {
      void pass(server, request, response);
    } else {
      next();
    }
  };
  return {
    name: "switchboard-pretend",
    configureServer: (vite) => void vite.middlewares.use(handle),
    configurePreviewServer: (vite) => void vite.middlewares.use(handle),
  };
}

async function pass(server: Pretend, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  const headers = new Headers();
  Object.entries(request.headers).forEach(([k, v]) => typeof v === "string" && headers.set(k, v));
  const write = request.method !== "GET" && request.method !== "HEAD";
  const answer = await server.fetch(`http://localhost${request.url}`, {
    method: request.method ?? "GET",
    headers,
    ...(write ? { body: Buffer.concat(chunks) } : {}),
  });
  response.statusCode = answer.status;
  response.setHeader("Content-Type", answer.headers.get("Content-Type") ?? "application/json");
  response.end(Buffer.from(await answer.arrayBuffer()));
}

function live(server: Pretend, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  response.write('id: 1\nevent: hello\ndata: {"cursor":"1"}\n\n');
  const stop = server.hear((entry) => {
    response.write(`id: ${entry.seq}\nevent: entry\ndata: ${JSON.stringify(entry)}\n\n`);
  });
  request.on("close", stop);
}
