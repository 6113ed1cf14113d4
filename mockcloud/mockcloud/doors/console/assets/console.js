// The page: views by the address behind #, drawn again when the cloud has moved.

const SIZE = 200;
let about = null;
let shown = null; // what is drawn: view and its query
let drawing = 0;
let pressed = false;

// What is being pressed stays until it is let go: put in its place, another element would never hear of it.
const calm = async () => { while (pressed) await new Promise((resolve) => setTimeout(resolve, 20)); };

const place = () => {
  const [view, query] = location.hash.slice(1).split("?");
  return { view: VIEWS[view] ? view : "resources", query: new URLSearchParams(query || "") };
};
const address = (view, query) => {
  const said = new URLSearchParams(Object.entries(query).filter(([, value]) => value));
  return `#${view}${said.size ? `?${said}` : ""}`;
};
const go = (changed, view = place().view) => { location.hash = address(view, { ...Object.fromEntries(place().query), ...changed }); };

const fail = (error) => {
  byId("message").textContent = error instanceof Refusal ? error.message : `The mock cloud does not answer. ${error.message}`;
  byId("message").hidden = false;
  setTimeout(() => { byId("message").hidden = true; }, 8000);
};
const act = (work) => async () => { try { await work(); await draw(); } catch (error) { fail(error); } };

const empty = (text, hint) => block("div", "rows", block("div", "empty", text, hint ? element("code", hint) : null));
const rows = (items, text, hint) => (items.length ? block("div", "rows", ...items) : empty(text, hint));
const fits = (words, ...texts) => words.toLowerCase().split(/\s+/).every((word) => texts.join(" ").toLowerCase().includes(word));
const open = (api, name) => address(place().view, { ...Object.fromEntries(place().query), at: `${api}/${name}` });
const onlyIf = (condition) => `only if ${condition.expression || condition.title || "its condition holds"}`;
const state = (text) => element("span", text, `state ${text ? tone(text) : ""}`);

const resourceRow = (each, now) => {
  const at = `${each.api}/${each.name}`;
  const row = element("a", undefined, "row r-resource", { href: open(each.api, each.name), "data-key": `${each.api}/${each.name}`, "aria-current": now === at && "true", title: at });
  row.append(
    element("span", each.title || last(each.name), "name"), element("span", `${each.api} ${shortKind(each.kind)}`, "c-kind"),
    element("span", each.title ? each.name : front(each.name), "quiet c-path"), state(each.state), time(each.updated),
  );
  return row;
};

const VIEWS = {
  async resources(query, words) {
    const said = new URLSearchParams({ size: SIZE, q: words });
    for (const name of ["api", "kind", "project"]) if (query.get(name)) said.set(name, query.get(name));
    const found = await ask(`resources?${said}`);
    const where = [query.get("project"), query.get("api"), query.get("kind") && shortKind(query.get("kind"))].filter(Boolean);
    const count = several(found.total, "resource", "resources") + (where.length ? ` in ${where.join(", ")}` : "");
    const list = rows(found.resources.map((each) => resourceRow(each, query.get("at"))), about?.resources ? "Nothing fits." : "Nothing is here yet.", about?.resources ? "" : "groundplan cloud exec -- COMMAND");
    const more = async () => {
      const after = found.resources.at(-1);
      said.set("after", `${after.api}/${after.name}`);
      const next = await ask(`resources?${said}`);
      found.resources.push(...next.resources);
      list.append(...next.resources.map((each) => resourceRow(each, query.get("at"))));
      if (!next.more) further.remove();
    };
    const further = found.more ? button("Show more", () => more().catch(fail), "button more") : null;
    return [block("div", "above", element("span", count), where.length ? element("a", "show all", "link", { href: "#resources" }) : null), list, further];
  },

  async operations(query, words) {
    const found = (await ask("operations")).operations.filter((each) => fits(words, each.name, each.api));
    const items = found.map((each) => {
      const [text, colour] = each.error ? ["failed", "bad"] : each.done ? ["done", "good"] : ["running", "warn"];
      const row = element("a", undefined, "row r-operation", { href: open(each.api, each.name), "data-key": `${each.api}/${each.name}`, "aria-current": query.get("at") === `${each.api}/${each.name}` && "true" });
      row.append(element("span", text, `state ${colour}`), element("span", each.api, "name"), element("span", each.name, "quiet c-path"), time(each.created));
      if (each.error) row.append(element("span", each.error.message, "why"));
      else if (each.due) row.append(element("span", `ends at ${moment(each.due)}`, "quiet due"));
      return row;
    });
    return [block("div", "above", element("span", several(found.length, "operation", "operations")), element("span", about?.waits === "clock" ? "they end as time passes" : "they end when somebody asks")), rows(items, "No operations.")];
  },

  async calls(query, words) {
    const found = (await ask("calls?size=500")).calls.reverse().filter((each) => fits(words, each.method, each.name, each.caller, String(each.status), each.message));
    const items = found.map((each) => {
      const row = block("div", "row r-call", element("span", each.number, "quiet num c-number"), element("span", each.status, `state num ${each.status < 400 ? "good" : "bad"}`), element("span", each.method, "name"), element("span", each.name, "quiet c-path"), element("span", each.caller.replace(/^[a-zA-Z]+:/, "") || "nobody", "quiet c-who"), time(each.at));
      row.title = `${each.door}  ${each.agent}`;
      if (each.message) row.append(element("span", each.message, "why"));
      return row;
    });
    return [block("div", "above", element("span", several(found.length, "call", "calls")), element("span", "the last 500, youngest first")), rows(items, "Nobody called.")];
  },

  async changes(query, words) {
    const found = (await ask("changes?size=500")).changes.reverse().filter((each) => fits(words, each.api, each.name, each.caller, each.what));
    const items = found.map((each) => {
      const row = element("a", undefined, "row r-change", { href: open(each.api, each.name), "data-key": `${each.api}/${each.name}` });
      row.append(element("span", each.number, "quiet num c-number"), element("span", each.what, `state ${each.what === "delete" ? "bad" : each.what === "create" ? "good" : "warn"}`), block("span", "", element("span", last(each.name), "name"), " ", element("span", `${each.api} ${front(each.name)}`, "quiet")), element("span", each.caller.replace(/^[a-zA-Z]+:/, "") || "by itself", "quiet c-who"), time(each.at));
      return row;
    });
    return [block("div", "above", element("span", several(found.length, "change", "changes")), element("span", "the last 500, youngest first")), rows(items, "Nothing changed.")];
  },

  async access(query, words) {
    const { bindings, delay } = await ask("policies");
    const found = bindings.filter((each) => fits(words, each.api, each.name, each.role, each.member));
    const items = found.map((each) => {
      const row = element("a", undefined, "row r-binding", { href: open(each.api, each.name), "data-key": `${each.api}/${each.name}` });
      row.append(element("span", each.member, "name"), element("span", shortRole(each.role)), element("span", `${each.api} ${each.name}`, "quiet"));
      if (each.condition) row.append(element("span", onlyIf(each.condition), "quiet wrap"));
      return row;
    });
    const decides = about?.rules.access ? "IAM decides" : "IAM is not asked: the rule access is off";
    return [block("div", "above", element("span", several(found.length, "grant", "grants")), element("span", decides + (delay ? `; changes count after ${delay} s` : ""))), rows(items, "No policy grants anything."), whoForm()];
  },

  async faults() {
    const found = (await ask("faults")).faults;
    const items = found.map((each) => {
      const { number, happened, fitting, spent, ...said } = each;
      const text = Object.entries(said).map(([name, value]) => `${name.replace("_", " ")} ${value === true ? "" : value}`.trim()).join(", ");
      return block("div", "row r-fault", element("span", number, "quiet num"), element("span", text, "name wrap"), element("span", `${happened} of ${fitting}${spent ? ", spent" : ""}`, "quiet num"), button("End", act(() => ask(`faults/${number}`, undefined, "DELETE")), "link"));
    });
    return [block("div", "above", element("span", several(found.length, "fault", "faults")), element("span", "how often each happened, of the calls that it fits")), rows(items, "Nothing goes wrong on request."), faultForm()];
  },

  async cloud() {
    const kept = (await ask("snapshots")).snapshots;
    return [block("div", "cards", cloudCard(), rulesCard(), timeCard(), lateCard(), snapshotCard(kept), resetCard())];
  },
};

const said = (form) => {
  const found = {};
  for (const input of form.elements) {
    if (!input.name) continue;
    if (input.type === "checkbox") { if (input.checked) found[input.name] = true; }
    else if (input.value !== "") found[input.name] = input.type === "number" ? Number(input.value) : input.value;
  }
  return found;
};
const onSubmit = (form, work) => { form.addEventListener("submit", (event) => { event.preventDefault(); act(async () => { await work(said(form)); form.reset(); })(); }); return form; };
const submit = (text) => element("button", text, "button main", { type: "submit" });

const faultForm = once(() => {
  const whole = { type: "number", min: 0, step: 1 };
  const form = block("form", "", field("methods", "method", { placeholder: "aiplatform.*.create" }, "wide"), field("resources", "name", { placeholder: "projects/acme/*" }, "wide"), field("when", "phase", { options: ["before", "after", "operation"] }), field("status", "status", { ...whole, placeholder: "503" }), field("times", "count", { ...whole, placeholder: "always" }), field("first let pass", "skip", whole), field("probability", "probability", { type: "number", min: 0, max: 1, step: "any", placeholder: "1" }), field("delay, s", "delay", { type: "number", min: 0, step: "any" }), field("retry after, s", "retry_after", whole), field("it takes, s", "seconds", { type: "number", min: 0, step: "any" }), field("ends at poll", "polls", whole), field("no accelerator", "accelerator", { placeholder: "nvidia-*" }), field("never ends", "stuck", { type: "checkbox" }), submit("Add"));
  return block("section", "card", element("h3", "Let something go wrong"), onSubmit(form, (fault) => ask("faults", fault)));
});
const whoForm = once(() => {
  const answer = element("div", undefined, "answer", { role: "status" });
  const form = block("form", "", field("permission", "permission", { required: true, placeholder: "secretmanager.versions.access" }, "wide"), field("on", "at", { required: true, placeholder: "secretmanager/projects/acme/secrets/key" }, "wide"), submit("Who can?"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(`who-can?${new URLSearchParams(said(form))}`).then(({ members, unknown }) => {
      const unsure = Object.entries(unknown).map(([member, why]) => block("li", "", element("b", member), ` unknown: ${why}`));
      const able = members.map((each) => block("li", "", element("b", each)));
      answer.replaceChildren(able.length + unsure.length ? block("ul", "", ...able, ...unsure) : element("p", "Nobody whom a policy names."));
    }).catch(fail);
  });
  return block("section", "card", element("h3", "Who can"), form, answer);
});
const cloudCard = () => block("section", "card", element("h3", "This cloud"), facts([["profile", about?.profile], ["waits", about?.waits], ["seed", about?.seed], ["version", about?.version], ["planned", about?.plans], ...Object.entries(about?.doors || {})]));
const rulesCard = () => {
  const switches = Object.entries(about?.rules || {}).map(([rule, on]) => {
    const input = element("input", undefined, undefined, { type: "checkbox", checked: on });
    input.addEventListener("change", act(() => ask("rules", { [rule]: input.checked })));
    return block("label", "switch", input, rule);
  });
  return block("section", "card", element("h3", "Rules"), ...switches);
};
const timeCard = once(() => {
  const form = block("form", "", field("hours", "hours", { type: "number", min: 0, step: "any", value: "24" }), submit("Let pass"));
  return block("section", "card", element("h3", "Time"), element("p", "Operations end and jobs run as it passes. It takes no real time."), onSubmit(form, ({ hours }) => ask("advance", { seconds: (hours || 0) * 3600 })));
});
const snapshotForm = once(() => onSubmit(block("form", "", field("name", "name", { required: true, maxlength: 100 }, "wide"), submit("Keep")), (body) => ask("snapshots", body)));
const snapshotCard = (kept) => {
  const list = kept.map((each) => block("div", "inline", button("Restore", act(() => ask(`snapshots/${encodeURIComponent(each.name)}`, {}))), each.name, time(each.now)));
  return block("section", "card", element("h3", "Snapshots"), element("p", "They live as long as the server."), ...list, snapshotForm());
};
const lateCard = once(() => {
  const form = block("form", "", field("seconds", "seconds", { type: "number", min: 0, step: "any", placeholder: "0" }), submit("Let them be late"));
  return block("section", "card", element("h3", "Late policies"), element("p", "After how long a changed policy counts, in the cloud's time. Google says minutes."), onSubmit(form, ({ seconds }) => ask("late-policies", { seconds: seconds || 0 })));
});
const resetCard = once(() => block("section", "card", element("h3", "Empty it"), element("p", "No resources, no faults, its first moment; also in the data that it keeps."), careful("Empty the cloud", "Really empty it?", act(() => ask("reset", {})))));

// ---- Beside the view ----

const facet = (text, number, query, className = "") => {
  const on = () => Object.entries(query).every(([name, value]) => (place().query.get(name) || "") === value);
  const made = button("", () => go(on() ? Object.fromEntries(Object.keys(query).map((name) => [name, ""])) : { kind: "", ...query, at: "" }), `facet ${className}`);
  made.setAttribute("aria-pressed", on());
  made.dataset.key = JSON.stringify(query);
  made.append(element("span", text), element("span", number.toLocaleString("en"), "num"));
  return made;
};
const drawFacets = async () => {
  const found = await ask("state");
  const services = found.services.flatMap(({ api, collections }) => {
    const kinds = Object.entries(collections);
    const sum = kinds.reduce((total, [, number]) => total + number, 0);
    const inner = place().query.get("api") === api ? kinds.map(([kind, number]) => facet(shortKind(kind), number, { api, kind }, "inner")) : [];
    return [facet(api, sum, { api }), ...inner];
  });
  const projects = found.projects.map(({ project, resources }) => facet(project, resources, { project }));
  await calm();
  replace(byId("facet-list"), element("h3", "Projects"), ...projects, element("h3", "Services"), ...services);
};

const drawDetails = async (at) => {
  const panel = byId("details");
  if (!at) { panel.hidden = true; return; }
  const [api, ...rest] = at.split("/");
  const close = button("×", () => go({ at: "" }), "close");
  close.setAttribute("aria-label", "Close");
  close.dataset.key = "close";
  let found;
  try { found = await ask(`resource?${new URLSearchParams({ api, name: rest.join("/") })}`); } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    replace(panel, block("div", "top", element("h2", last(at)), close), element("p", "It is not there, or not any more.", "quiet"), element("p", at, "full"));
    panel.hidden = false;
    return;
  }
  await calm();
  const policy = (found.policy?.bindings || []).flatMap((binding) => binding.members.map((member) => block("li", "", element("b", member), ` ${shortRole(binding.role)}`, binding.condition ? element("span", ` ${onlyIf(binding.condition)}`, "quiet") : null)));
  const history = found.changes.toReversed().map((each) => block("li", "", time(each.at), ` ${each.what} `, element("span", each.caller || "by itself", "quiet")));
  const planned = found.planned.map((each) => block("li", "", time(each.at), ` ${each.event}`));
  const list = (title, items) => (items.length ? [element("h3", title), block("ul", "", ...items)] : []);
  replace(panel,
    block("div", "top", block("div", "", element("div", `${api} ${shortKind(found.kind)}`, "quiet"), element("h2", found.title || last(found.name))), close),
    element("p", found.name, "full"),
    facts([["state", found.state && state(found.state)], ["made", time(found.created)], ["changed", found.revision > 1 ? time(found.updated) : ""]]),
    element("h3", "As the API has it"), block("pre", "", ...json(found.body)),
    ...list("Who may", policy), ...list("Will happen", planned), ...list("What happened", history),
  );
  panel.hidden = false;
};

// ---- Drawing ----

const draw = async () => {
  const mine = ++drawing;
  const { view, query } = place();
  const words = byId("search").value.trim();
  const made = await VIEWS[view](query, words);
  await calm();
  if (mine !== drawing) return; // something newer is on its way
  const list = new URLSearchParams(query);
  list.delete("at"); // which one is open does not change the list
  const key = `${view}?${list}`;
  const main = byId("view");
  const [scroll, focus] = [main.scrollTop, document.activeElement?.dataset?.key];
  const active = document.activeElement;
  main.replaceChildren(...made.filter(Boolean));
  if (main.contains(active)) active.focus({ preventScroll: true }); // in a form that is the same one again
  if (shown === key) {
    main.scrollTop = scroll;
    if (focus) main.querySelector(`[data-key="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
  }
  shown = key;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.dataset.view === view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    if (link.dataset.view === view) link.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  byId("facets").hidden = view !== "resources";
  if (view === "resources") await drawFacets();
  if (mine === drawing) await drawDetails(query.get("at"));
};

// What somebody fills in is left alone until that is done.
const busy = () => { const now = document.activeElement; return now && now.closest("main") && ["INPUT", "SELECT"].includes(now.tagName) && now.type !== "checkbox"; };
let waiting = null;
const soon = () => { waiting ??= setTimeout(() => { waiting = null; if (busy()) soon(); else draw().catch(fail); }, 250); };

const news = (now) => {
  const moved = JSON.stringify(now) !== JSON.stringify({ ...about, pid: undefined, doors: undefined });
  about = { ...about, ...now };
  byId("live").textContent = "live";
  byId("live").classList.add("on");
  byId("now").textContent = moment(now.now);
  byId("now").setAttribute("datetime", now.now);
  for (const name of ["calls", "changes", "faults"]) byId(`n-${name}`).textContent = now[name] ? now[name].toLocaleString("en") : "";
  byId("chips").replaceChildren(element("li", now.profile));
  if (moved) soon();
};
const lost = () => { byId("live").textContent = "no answer"; byId("live").classList.remove("on"); };

document.addEventListener("keydown", (event) => {
  const typing = ["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName);
  const list = [...byId("view").querySelectorAll("a.row")];
  const at = list.indexOf(document.activeElement);
  if (event.key === "Escape") { if (typing) { byId("search").value = ""; event.target.blur(); soon(); } else go({ at: "" }); }
  else if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  else if (event.key === "/") { event.preventDefault(); byId("search").focus(); }
  else if (/^[1-7]$/.test(event.key)) location.hash = Object.keys(VIEWS)[event.key - 1];
  else if (["ArrowDown", "ArrowUp", "j", "k"].includes(event.key) && list.length) {
    event.preventDefault();
    list[Math.max(0, Math.min(list.length - 1, at + (["ArrowDown", "j"].includes(event.key) ? 1 : -1)))].focus();
  }
});
document.addEventListener("pointerdown", (event) => { pressed = event.button === 0; });
for (const each of ["pointerup", "pointercancel", "blur"]) window.addEventListener(each, () => { pressed = false; });
for (const each of document.querySelectorAll("[data-seconds]")) each.addEventListener("click", act(() => ask("advance", { seconds: Number(each.dataset.seconds) })));
byId("search").addEventListener("input", () => draw().catch(fail));
window.addEventListener("hashchange", () => draw().catch(fail));
if (matchMedia("(max-width: 760px)").matches) byId("facets").open = false;
ask("about").then((found) => { about = found; return draw(); }).catch(fail);
listen(news, lost);
