import { createElement, type ReactNode, useMemo } from "react";
import { safeHref } from "@/lib/text";
import styles from "./Html.module.css";

/** The only elements that are made; everything else becomes the text in it. */
const known = new Set(
  "p br strong b em i u s del code pre blockquote ul ol li h1 h2 h3 h4 h5 h6 hr table thead tbody tr td th a".split(
    " ",
  ),
);
/** What is left out with everything in it. */
const dropped = new Set("script style template iframe object embed noscript svg math".split(" "));

/** HTML from the server, made anew of harmless elements: no attribute of it reaches the page but a link's address. */
export function Html({ html, lang }: { html: string; lang?: string | undefined }) {
  const parts = useMemo(() => children(new DOMParser().parseFromString(html, "text/html").body), [html]);
  return (
    <div className={styles["html"]} dir="auto" lang={lang}>
      {parts}
    </div>
  );
}

function children(of: Node): ReactNode[] {
  return [...of.childNodes].map((n, i) => made(n, i));
}

function made(n: Node, key: number): ReactNode {
  if (n.nodeType === Node.TEXT_NODE) {
    return n.textContent;
  }
  if (!(n instanceof Element) || dropped.has(n.localName)) {
    return null;
  }
  if (!known.has(n.localName)) {
    return children(n);
  }
  if (n.localName === "br" || n.localName === "hr") {
    return createElement(n.localName, { key });
  }
  const href = n.localName === "a" ? safeHref(n.getAttribute("href") ?? undefined) : undefined;
  // Headings of an entry stand below those of the page.
  const name = /^h[1-6]$/.test(n.localName) ? "h4" : n.localName;
  return createElement(
    name,
    { key, ...(href ? { href, target: "_blank", rel: "noopener noreferrer nofollow" } : {}) },
    ...children(n),
  );
}
