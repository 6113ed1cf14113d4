(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const plan = byId("plan");
  const details = byId("details");
  const paths = arrowsOn(plan);
  const boxes = { ...data.cards, ...data.outsiders };
  const home = {};
  for (const [id, card] of Object.entries(data.cards)) {
    for (const member of [...card.members, ...card.parts.flatMap((part) => part.members)]) home[member] = id;
  }
  const cardOf = (id) => home[id] || id;
  let chosen = null; // id of a box, an outsider or a resource
  let walk = []; // ids of the boxes of the chosen step, and of who stands outside and meets one of them

  const element = (tag, text, className) => {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  };

  // ---- Arrows ----

  // A box in a closed pack is not seen: its arrows end at the pack.
  const anchor = (id) => {
    const pack = byId(id).closest("details.pack");
    return pack && !pack.open ? pack : byId(id);
  };

  // What to draw: from, to, whether it is a right, and what it is to the choice.
  const wanted = () => {
    const all = byId("flows").checked;
    const found = new Map();
    const add = (source, target, kind, right) => {
      const [from, to] = [anchor(source), anchor(target)];
      if (from !== to) found.set(`${from.id} ${to.id} ${right}`, { from, to, kind, right });
    };
    const card = chosen === null ? null : cardOf(chosen);
    const touch = (source, target) => {
      if (walk.length) return walk.includes(source) && walk.includes(target) ? "way" : "";
      return target === card ? "in" : source === card ? "out" : "";
    };
    const pairs = data.flows.map(([source, target]) => [cardOf(source), cardOf(target), false]);
    const meets = Object.entries(data.outsiders).flatMap(([id, { cards }]) => cards.map((on) => [id, on]));
    for (const [source, target, right] of [...pairs, ...[...data.grants, ...meets].map(([who, on]) => [who, on, true])]) {
      const kind = touch(source, target);
      if (source !== target && (kind || all)) add(source, target, kind, right);
    }
    return [...found.values()];
  };

  const draw = () => {
    const arrows = wanted();
    byId("back").replaceChildren(...paths(arrows.filter((arrow) => !arrow.kind)));
    byId("front").replaceChildren(...paths(arrows.filter((arrow) => arrow.kind)));
  };

  // ---- Details ----

  const link = (id, text, note) => {
    const item = element("li");
    const button = element("button", text);
    button.type = "button";
    button.addEventListener("click", () => choose(id));
    item.append(button, element("span", note ? ` ${note}` : ""));
    return item;
  };
  const list = (title, items, className) => {
    if (!items.length) return [];
    const made = element("ul");
    made.append(...items);
    return [element("h3", title, className), made];
  };
  const nodeLink = (id) => link(id, data.nodes[id].name, data.nodes[id].type);

  // Rights as sentences, under whoever has them where that is not the box itself.
  const rights = (entries, whoLinks) => {
    const byWho = new Map();
    for (const right of entries) byWho.set(right.who, [...(byWho.get(right.who) || []), right]);
    return [...byWho].flatMap(([who, theirs]) => {
      const items = theirs.map(({ words, on, card, condition }) => {
        const item = element("li", `may ${words} `);
        if (card && !whoLinks) item.append(link(card, on).firstElementChild);
        else item.append(on);
        if (condition) item.append(`, where it is ${condition}`);
        return item;
      });
      if (!who) return items;
      const heading = whoLinks && theirs[0].card ? link(theirs[0].card, who) : element("li");
      if (!heading.childNodes.length) heading.append(element("b", who));
      if (theirs[0].kind) heading.append(element("span", ` ${theirs[0].kind.toLowerCase()}`));
      const inner = element("ul");
      inner.append(...items);
      heading.append(inner);
      return [heading];
    });
  };

  const table = (title, rows) => {
    if (!rows.length) return [];
    const made = element("table");
    for (const [label, value, kind] of rows) {
      const row = element("tr");
      row.append(element("td", label), element("td", value, kind));
      made.append(row);
    }
    return title ? [element("h3", title), made] : [made];
  };

  const neighbours = (pairs, here, there) => {
    const found = new Map();
    for (const pair of pairs) {
      const other = pair[there];
      if (cardOf(pair[here]) !== chosen && pair[here] !== chosen) continue;
      if (cardOf(other) === chosen) continue;
      const key = data.cards[chosen] ? cardOf(other) : other;
      found.set(key, [...(found.get(key) || []), ...(pair[2] || [])]);
    }
    return [...found].map(([id, paths]) => {
      const inputs = [...new Set(paths)];
      const note = inputs.slice(0, 3).join(", ") + (inputs.length > 3 ? ", …" : "");
      return link(id, (boxes[id] || data.nodes[id]).name, note || (boxes[id] || data.nodes[id]).kind);
    });
  };

  const showBox = (card) => {
    const parts = card.parts.map((part) => {
      const item = element("li");
      const inner = element("ul");
      inner.append(...part.members.map(nodeLink));
      item.append(element("b", part.name), element("span", ` ${part.kind}`), inner);
      return item;
    });
    const projects = card.projects.map((id) => [id, (data.projects[id] || []).join(", ")]);
    return [
      ...table("", [
        ...projects.map(([id, roles], index) => [index ? "" : "Project", roles && Object.keys(data.projects).length > 1 ? `${id} (${roles})` : id]),
        ...card.facts,
        ...(card.noKey ? [["Encrypted with", "Google's own keys"]] : []),
      ]),
      ...list("Keys that it uses", card.keys.map(([name, id]) => link(id, name))),
      ...list("What it may do", rights(card.may, false)),
      ...list("Who may use it", rights(card.users, true)),
      ...list("Takes values of", neighbours(data.flows, 1, 0), "in"),
      ...list("Gives values to", neighbours(data.flows, 0, 1), "out"),
      ...list("What is inside", [...parts, ...card.members.map(nodeLink)]),
    ];
  };

  const showNode = (node) => {
    const marks = element("p");
    for (const mark of node.marks) marks.append(element("span", mark, "tag"), " ");
    const inside = element("p", "in ");
    inside.append(...link(cardOf(chosen), data.cards[cardOf(chosen)].name).childNodes);
    inside.firstElementChild?.classList.add("plain");
    return [
      ...(home[chosen] ? [inside] : []),
      ...(node.marks.length ? [marks] : []),
      ...list("Takes values of", neighbours(data.flows, 1, 0), "in"),
      ...list("Gives values to", neighbours(data.flows, 0, 1), "out"),
      ...list("Waits for", neighbours(data.order, 1, 0)),
      ...table(`Properties (${node.properties.length})`, node.properties),
    ];
  };

  const show = () => {
    const [box, node] = [boxes[chosen], data.nodes[chosen]];
    const entry = box || node;
    const back = element("button", "← back to the walk", "back");
    back.type = "button";
    back.addEventListener("click", () => choose(null));
    const heading = element("h2", entry.name);
    heading.tabIndex = -1;
    const content = [back, element("p", box ? [entry.kind, entry.lane].filter(Boolean).join(" · ") : node.type, "kind"), heading];
    if (entry.purpose) content.push(element("p", entry.purpose, "purpose"));
    if (data.outsiders[chosen]) {
      content.push(...list("What they may do", rights(entry.may, false)), ...list("What they meet", entry.cards.map((id) => link(id, boxes[id].name, boxes[id].kind))));
    } else if (box) {
      content.push(...showBox(box));
    }
    if (node) content.push(...showNode(node));
    if (entry.source) content.push(element("h3", "Made at"), element("p", entry.source));
    if (entry.urn) content.push(element("p", entry.urn, "urn"));
    details.replaceChildren(...content);
  };

  // ---- Choosing ----

  const mark = () => {
    for (const old of plan.querySelectorAll(".selected, .near-in, .near-out, .near-way")) old.classList.remove("selected", "near-in", "near-out", "near-way");
    for (const button of plan.querySelectorAll(".card")) button.setAttribute("aria-pressed", String(button.id === chosen));
    document.body.classList.toggle("chosen", chosen !== null || walk.length > 0);
    if (chosen !== null) byId(cardOf(chosen)).classList.add("selected");
    for (const id of walk) byId(id).classList.add("near-way");
    draw();
    const near = chosen === null ? [] : wanted().filter((arrow) => arrow.kind === "in" || arrow.kind === "out");
    for (const { from, to, kind } of near) (kind === "in" ? from : to).classList.add(`near-${kind}`);
  };

  const reveal = (id) => { const pack = byId(cardOf(id)).closest("details.pack"); if (pack) pack.open = true; };

  const choose = (id) => {
    const before = chosen;
    chosen = id;
    walk = [];
    for (const button of document.querySelectorAll(".step")) button.setAttribute("aria-pressed", "false");
    details.hidden = id === null;
    byId("guide").hidden = id !== null;
    if (id !== null) {
      reveal(id);
      show();
      byId("panel").scrollTop = 0;
      details.querySelector("h2").focus({ preventScroll: true });
    }
    mark();
    if (id !== null) byId(cardOf(id)).scrollIntoView({ block: "nearest" });
    else if (before !== null) byId(cardOf(before)).focus();
  };

  const step = (button) => {
    const again = button.getAttribute("aria-pressed") === "true";
    for (const other of document.querySelectorAll(".step")) other.setAttribute("aria-pressed", String(other === button && !again));
    const passed = again ? [] : button.dataset.cards.split(" ").filter(Boolean);
    const told = new Set([...button.querySelectorAll(".named")].map((name) => name.textContent));
    const met = Object.entries(data.outsiders)
      .filter(([, { name, cards }]) => !again && (told.has(name) || cards.some((card) => passed.includes(card))))
      .map(([id]) => id);
    walk = [...passed, ...met];
    chosen = null;
    walk.forEach(reveal);
    mark();
    if (walk.length) byId(walk[0]).scrollIntoView({ block: "nearest" });
  };

  const search = () => {
    const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const hit = (entry) => words.length > 0 && words.every((word) => JSON.stringify(entry).toLowerCase().includes(word));
    let hits = 0;
    const nodes = new Set(Object.keys(data.nodes).filter((id) => hit(data.nodes[id])).map(cardOf));
    for (const [id, box] of Object.entries(boxes)) {
      const { members, ...rest } = box;
      const found = nodes.has(id) || hit(rest);
      byId(id).classList.toggle("hit", found);
      if (found) reveal(id);
      hits += found;
    }
    document.body.classList.toggle("searching", words.length > 0);
    byId("found").value = words.length ? `${hits} ${hits === 1 ? "box" : "boxes"}` : "";
  };

  const move = (event) => {
    const places = [...plan.querySelectorAll("summary, .card")].filter((each) => each.getClientRects().length);
    const here = places.indexOf(document.activeElement);
    if (here < 0) return;
    let next = { ArrowRight: places[here + 1], ArrowLeft: places[here - 1] }[event.key];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const current = places[here].getBoundingClientRect();
      let best = Infinity;
      for (const other of places) {
        const there = other.getBoundingClientRect();
        const height = event.key === "ArrowDown" ? there.top - current.bottom : current.top - there.bottom;
        const distance = height * 2 + Math.abs(there.left - current.left);
        if (height >= -2 && distance < best && other !== places[here]) [best, next] = [distance, other];
      }
    }
    if (next) { event.preventDefault(); next.focus(); }
  };

  plan.addEventListener("click", (event) => { const card = event.target.closest(".card"); if (card) choose(card.id); });
  byId("guide").addEventListener("click", (event) => { const button = event.target.closest(".step"); if (button) step(button); });
  plan.addEventListener("toggle", mark, true);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      byId("search").value = "";
      search();
      choose(null);
    } else if (event.key === "/" && document.activeElement !== byId("search")) {
      event.preventDefault();
      byId("search").focus();
    } else if (event.key.startsWith("Arrow") && !event.ctrlKey && !event.metaKey && !event.altKey) {
      move(event);
    }
  });
  byId("search").addEventListener("input", search);
  byId("flows").addEventListener("change", draw);
  byId("theme").addEventListener("change", (event) => {
    if (event.target.value) document.documentElement.dataset.theme = event.target.value;
    else delete document.documentElement.dataset.theme;
  });
  addEventListener("beforeprint", () => { for (const pack of plan.querySelectorAll(".pack")) pack.open = true; });
  new ResizeObserver(draw).observe(plan);
  // A link to the page may name what to show, such as `graph.html#c3`: ids that the page does not know are ignored.
  const asked = location.hash.slice(1);
  if (Object.hasOwn(boxes, asked) || Object.hasOwn(data.nodes, asked)) choose(asked);
  const asks = /^step-(\d+)$/.exec(asked);
  const steps = document.querySelectorAll(".step");
  if (asks && steps[asks[1] - 1]) step(steps[asks[1] - 1]);
  draw();
})();
