// Draws the description of the API from openapi.json. Text only ever becomes text, never markup.
"use strict";

const el = (name, attrs, ...children) => {
  const e = document.createElement(name);
  for (const [k, v] of Object.entries(attrs || {})) e.setAttribute(k, v);
  e.append(...children.filter((c) => c !== null && c !== undefined));
  return e;
};

const rich = (text) => {
  const p = el("p");
  String(text).split("`").forEach((part, k) => p.append(k % 2 ? el("code", {}, part) : part));
  return p;
};

const paragraphs = (text) => String(text || "").split(/\n\n+/).filter(Boolean).map(rich);

let doc;

const deref = (s) => (s && s.$ref ? doc.components.schemas[s.$ref.split("/").pop()] : s) || {};

const typeName = (s) => {
  if (!s) return "";
  if (s.$ref) return s.$ref.split("/").pop();
  const t = [].concat(s.type || "anything").filter((x) => x !== "null");
  const base = t.includes("array") ? `list of ${typeName(s.items) || "anything"}` : t.join(" or ") + (s.format ? ` (${s.format})` : "");
  return s.enum ? s.enum.join(" | ") : base;
};

const fieldNotes = (s) => [s.description, s.maxLength && `at most ${s.maxLength} characters`, s.minimum !== undefined && s.maximum !== undefined && `${s.minimum} to ${s.maximum}`]
  .filter(Boolean).join(" · ");

const rowsOf = (schema) => {
  const s = deref(schema);
  return Object.entries(s.properties || {}).map(([name, f]) =>
    el("tr", {}, el("td", {}, el("code", {}, name), (s.required || []).includes(name) ? "" : el("span", { class: "dim" }, " optional")),
      el("td", {}, typeName(f)), el("td", {}, fieldNotes(f))));
};

const table = (caption, rows) => rows.length === 0 ? null
  : el("table", {}, el("caption", { class: "dim" }, caption), el("tbody", {}, ...rows));

const example = (schema, depth = 0) => {
  const s = deref(schema);
  if (s.examples) return s.examples[0];
  if (s.enum) return s.enum[0];
  const t = [].concat(s.type || [])[0];
  if (depth > 5) return null;
  if (t === "object") return Object.fromEntries(Object.entries(s.properties || {}).map(([k, v]) => [k, example(v, depth + 1)]));
  if (t === "array") return [example(s.items, depth + 1)];
  if (t === "integer" || t === "number") return s.minimum || 0;
  if (t === "boolean") return false;
  return s.format === "date-time" ? "2026-03-02T10:00:00Z" : "…";
};

const schemaBlock = (title, schema) => {
  if (!schema) return null;
  const d = el("details", {}, el("summary", {}, `${title}: ${typeName(schema)}`));
  d.addEventListener("toggle", () => {
    if (d.childElementCount > 1) return;
    const rows = table("Fields", rowsOf(schema));
    if (rows) d.append(rows);
    d.append(el("pre", {}, JSON.stringify(example(schema), null, 2)));
  });
  return d;
};

const who = (op) => {
  if (!op.security) return "Open to everybody.";
  const scopes = op.security.flatMap((s) => s.key || []);
  return scopes.length ? `Signed in, or an API key with the scope ${scopes.join(", ")}.` : "Signed in. Not with an API key.";
};

const operation = (path, method, op) => {
  const params = (op.parameters || []).map((p) => el("tr", {}, el("td", {}, el("code", {}, p.name), el("span", { class: "dim" }, ` ${p.in}${p.required ? "" : ", optional"}`)),
    el("td", {}, typeName(p.schema)), el("td", {}, p.description || fieldNotes(p.schema || {}))));
  const content = (c) => c && Object.values(c)[0] && Object.values(c)[0].schema;
  const ok = Object.entries(op.responses || {}).find(([code]) => code.startsWith("2"));
  return el("section", { class: "op", id: op.operationId }, el("h3", {}, op.summary || op.operationId),
    el("p", { class: "call" }, el("span", { class: "method" }, method.toUpperCase()), " ", el("code", {}, path)),
    ...paragraphs(op.description), el("p", { class: "dim" }, who(op)), table("Parameters", params),
    schemaBlock("Send", op.requestBody && content(op.requestBody.content)),
    ok && (schemaBlock("Get", content(ok[1].content)) || el("p", { class: "dim" }, `Answer: ${ok[0]}, nothing in it.`)));
};

const draw = () => {
  const main = document.getElementById("main");
  const toc = document.getElementById("toc");
  main.replaceChildren(el("h1", {}, doc.info.title + " API"), el("p", { class: "dim" }, "Version " + doc.info.version), ...paragraphs(doc.info.description));
  const tags = new Map();
  for (const [path, item] of Object.entries(doc.paths))
    for (const [method, op] of Object.entries(item)) {
      const tag = (op.tags || ["Other"])[0];
      if (!tags.has(tag)) tags.set(tag, []);
      tags.get(tag).push([path, method, op]);
    }
  for (const [tag, ops] of tags) {
    main.append(el("h2", {}, tag));
    toc.append(el("h3", {}, tag));
    for (const [path, method, op] of ops) {
      main.append(operation(path, method, op));
      toc.append(el("a", { href: "#" + op.operationId }, op.summary || op.operationId));
    }
  }
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
};

document.getElementById("find").addEventListener("input", (e) => {
  const q = e.target.value.toLowerCase();
  document.querySelectorAll("section.op").forEach((s) => { s.hidden = !s.textContent.toLowerCase().includes(q); });
  document.querySelectorAll("#toc a").forEach((a) => { a.hidden = document.getElementById(a.hash.slice(1))?.hidden; });
});

fetch("/api/openapi.json")
  .then((r) => (r.ok ? r.json() : Promise.reject(new Error(r.status))))
  .then((d) => { doc = d; draw(); })
  .catch(() => { document.getElementById("state").textContent = "The description could not be loaded. Reload the page to try again."; });
