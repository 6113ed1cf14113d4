"use strict";
// Elements, texts and JSON. Whatever comes from the cloud is written as text, never as markup.

const byId = (id) => document.getElementById(id);

const element = (tag, text, className, attributes = {}) => {
  const made = document.createElement(tag);
  if (text !== undefined && text !== null) made.textContent = text;
  if (className) made.className = className;
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== false && value !== undefined) made.setAttribute(name, value === true ? "" : value);
  }
  return made;
};

const block = (tag, className, ...inner) => {
  const made = element(tag, undefined, className);
  made.append(...inner.filter((each) => each !== null && each !== undefined));
  return made;
};

// Draws again without taking the keyboard away from whoever is there: what has the focus keeps it, by its key.
const replace = (place, ...made) => {
  const key = place.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  place.replaceChildren(...made);
  if (key) place.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
};

// Makes an element at its first use, and gives the same one again: what somebody wrote into it, or read there, stays.
const once = (make) => { let made; return () => (made ??= make()); };

const button = (text, act, className = "button") => element("button", text, className, { type: "button", onclick: act });

// Two presses: for what cannot be undone.
const careful = (text, sure, act) => {
  const made = button(text, () => {
    if (made.textContent === sure) return act();
    made.textContent = sure;
    setTimeout(() => { made.textContent = text; }, 4000);
  }, "button bad");
  return made;
};

const moment = (stamp) => (stamp ? stamp.replace("T", " ").replace(/(\.\d+)?Z$/, "") : "");
const time = (stamp) => element("time", moment(stamp), undefined, { datetime: stamp || "", title: stamp || "" });
const last = (name) => name.slice(name.lastIndexOf("/") + 1);
const front = (name) => name.slice(0, Math.max(0, name.lastIndexOf("/")));
const shortKind = (kind) => kind.slice(kind.lastIndexOf(".") + 1);
const shortRole = (role) => role.replace(/^roles\//, "");
const several = (number, one, many) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

const GOOD = /^(ACTIVE|READY|RUNNING|ENABLED|SUCCEEDED|DONE|AVAILABLE|RUNNABLE|DEPLOYED|.*_SUCCEEDED|.*_RUNNING)$/;
const BAD = /(FAILED|ERROR|DENIED|SUSPENDED|DESTROYED)/;
const tone = (state) => (GOOD.test(state) ? "good" : BAD.test(state) ? "bad" : "warn");

// JSON with colours, as text nodes.
const json = (value, indent = "") => {
  const inner = `${indent}  `;
  if (value === null || typeof value === "boolean" || typeof value === "number") return [element("span", String(value), "n")];
  if (typeof value === "string") return [element("span", JSON.stringify(value), "s")];
  const list = Array.isArray(value);
  const entries = list ? value.map((each) => [null, each]) : Object.entries(value);
  if (!entries.length) return [list ? "[]" : "{}"];
  const parts = [list ? "[" : "{"];
  entries.forEach(([key, each], at) => {
    parts.push(`\n${inner}`);
    if (key !== null) parts.push(element("span", JSON.stringify(key), "k"), ": ");
    parts.push(...json(each, inner), at < entries.length - 1 ? "," : "");
  });
  parts.push(`\n${indent}${list ? "]" : "}"}`);
  return parts;
};

const facts = (pairs) => {
  const made = element("dl", undefined, "facts");
  for (const [name, value] of pairs) {
    if (value === "" || value === undefined || value === null) continue;
    made.append(element("dt", name), value instanceof Node ? block("dd", "", value) : element("dd", String(value)));
  }
  return made;
};

const field = (label, name, attributes = {}, className = "") => {
  const { options, ...rest } = attributes;
  const input = element(options ? "select" : "input", undefined, undefined, { name, autocomplete: "off", spellcheck: "false", ...rest });
  for (const each of options || []) input.append(element("option", each, undefined, { value: each }));
  return rest.type === "checkbox" ? block("label", `tick ${className}`, input, label) : block("label", className, label, input);
};

// The API of this page's server.

class Refusal extends Error {}

const ask = async (path, body, verb) => {
  const response = await fetch(`/_mock/${path}`, {
    method: verb || (body === undefined ? "GET" : "POST"),
    headers: { "X-Mock-Cloud": "console" },
    body: body === undefined ? undefined : JSON.stringify(body),
    cache: "no-store",
  });
  const found = await response.json();
  if (!response.ok) {
    const { message, given, allowed, remedy } = found.error;
    throw new Refusal([message, given && `given: ${given}`, allowed && `allowed: ${allowed}`, remedy].filter(Boolean).join("\n"));
  }
  return found;
};

// Events of the server, again and again: `news` gets each, `lost` hears when there are none any more.
const listen = async (news, lost) => {
  for (;;) {
    try {
      const response = await fetch("/_mock/events", { headers: { "X-Mock-Cloud": "console" } });
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        text += value;
        const events = text.split("\n\n");
        text = events.pop();
        for (const each of events) news(JSON.parse(each.replace(/^data: /, "")));
      }
    } catch { /* the server is gone, or not there yet: asked again below */ }
    lost();
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
};
