/**
 * The service worker: keeps the page itself and what was read, so that both are there without a connection, and shows
 * what is pushed. It caches no write and answers none; what is written offline the page keeps (lib/outbox).
 */
import { answerData, forgetData } from "./data";
import { fetchPage, fetchShell, keepShell, tidyShell } from "./shell";
import { clicked, pushed, renewed } from "./push";

declare const self: ServiceWorkerGlobalScope;

self.addEventListener("install", (event) => {
  // A new version takes over at once: pages are asked of the server first, so none is stuck with an old one.
  event.waitUntil(keepShell().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(tidyShell().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) {
    return;
  }
  if (url.pathname.startsWith("/api/")) {
    const answer = answerData(event, url);
    if (answer) {
      event.respondWith(answer);
    }
  } else if (request.mode === "navigate") {
    event.respondWith(fetchPage(request));
  } else {
    event.respondWith(fetchShell(request));
  }
});

self.addEventListener("message", (event) => {
  if (event.data === "forget") {
    event.waitUntil(forgetData());
  }
});

self.addEventListener("push", (event) => event.waitUntil(pushed(event.data)));
self.addEventListener("notificationclick", (event) => event.waitUntil(clicked(event.notification)));
self.addEventListener("pushsubscriptionchange", (event) => {
  (event as ExtendableEvent).waitUntil(renewed(event));
});
