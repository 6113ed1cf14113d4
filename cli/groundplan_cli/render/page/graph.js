"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const plan = byId("plan");
  const details = byId("details");
  const help = [...details.childNodes].map((node) => node.cloneNode(true));
  const home = {};
  for (const [card, { members }] of Object.entries(data.cards)) {
    for (const member of members) home[member] = card;
  }
  const cardOf = (id) => home[id] || id;
  let chosen = null;

  const element = (tag, text, className) => {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  };

  // Where an end of an arrow is drawn: at the resource if its card is open, else at the card.
  const anchor = (id) => (home[id] && byId(home[id]).open ? byId(id) : byId(cardOf(id)));

  const box = (target) => {
    const rectangle = target.getBoundingClientRect();
    const frame = plan.getBoundingClientRect();
    const left = rectangle.left - frame.left + plan.scrollLeft;
    const top = rectangle.top - frame.top + plan.scrollTop;
    return { left, top, right: left + rectangle.width, bottom: top + rectangle.height,
             x: left + rectangle.width / 2, y: top + rectangle.height / 2 };
  };

  // Arrows leave and reach boxes at the sides that face each other.
  const sides = (from, to, within) => {
    if (within) return ["right", "right"];
    if (to.top > from.bottom + 8) return ["bottom", "top"];
    if (from.top > to.bottom + 8) return ["top", "bottom"];
    return to.x > from.x ? ["right", "left"] : ["left", "right"];
  };

  // Arrows that meet at one side share it evenly, in the order of where they come from, so that few cross.
  const spread = (arrowList) => {
    const ports = new Map();
    for (const arrow of arrowList) {
      [arrow.out, arrow.into].forEach((port) => {
        const key = `${port.element.id} ${port.side}`;
        if (!ports.has(key)) ports.set(key, []);
        ports.get(key).push(port);
      });
    }
    for (const list of ports.values()) {
      list.sort((a, b) => a.other.x - b.other.x || a.other.y - b.other.y);
      list.forEach((port, index) => {
        const share = 0.15 + (0.7 * (index + 1)) / (list.length + 1);
        const { left, right, top, bottom } = port.box;
        const flat = port.side === "top" || port.side === "bottom";
        port.x = flat ? left + (right - left) * share : port.side === "left" ? left : right;
        port.y = flat ? (port.side === "top" ? top : bottom) : top + (bottom - top) * share;
      });
    }
  };

  const curve = ({ out, into }) => {
    const steps = { top: [0, -1], bottom: [0, 1], left: [-1, 0], right: [1, 0] };
    const [ox, oy] = steps[out.side];
    const [ix, iy] = steps[into.side];
    const bend = ox ? 28 : Math.max(24, Math.abs(into.y - out.y) / 2);
    const [x, y] = [into.x + ix, into.y + iy];
    return `M${out.x} ${out.y} C${out.x + ox * bend} ${out.y + oy * bend} ${x + ix * bend} ${y + iy * bend} ${x} ${y}`;
  };

  const touches = (end) => chosen !== null && (end === chosen || (data.cards[chosen] && cardOf(end) === chosen));

  const draw = () => {
    const pairs = new Map();
    for (const [source, target] of data.flows) {
      const from = anchor(source);
      const to = anchor(target);
      // Inside one card, only what belongs to the choice: the rest would be a tangle.
      if (from === to || (cardOf(source) === cardOf(target) && ![source, target].includes(chosen))) continue;
      const key = `${from.id} ${to.id}`;
      const pair = pairs.get(key) || { from, to, into: false, outOf: false };
      pair.into = pair.into || touches(target);
      pair.outOf = pair.outOf || touches(source);
      pairs.set(key, pair);
    }
    const boxes = new Map();
    const boxOf = (target) => {
      if (!boxes.has(target)) boxes.set(target, box(target));
      return boxes.get(target);
    };
    const arrowList = [...pairs.values()].map((pair) => {
      const [from, to] = [boxOf(pair.from), boxOf(pair.to)];
      const [leave, reach] = sides(from, to, cardOf(pair.from.id) === cardOf(pair.to.id));
      return {
        kind: pair.into ? "in" : pair.outOf ? "out" : "",
        out: { element: pair.from, box: from, other: to, side: leave },
        into: { element: pair.to, box: to, other: from, side: reach },
      };
    });
    spread(arrowList);
    const [back, front] = [[], []];
    for (const arrow of arrowList) {
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("class", arrow.kind ? `line ${arrow.kind}` : "line");
      path.setAttribute("d", curve(arrow));
      path.setAttribute("marker-end", `url(#tip${arrow.kind ? "-" + arrow.kind : ""})`);
      (arrow.kind ? front : back).push(path);
    }
    byId("back").replaceChildren(...back);
    byId("front").replaceChildren(...front);
    for (const layer of document.querySelectorAll(".arrows")) {
      layer.setAttribute("width", plan.scrollWidth);
      layer.setAttribute("height", plan.scrollHeight);
    }
    document.body.classList.toggle("still", !byId("flows").checked);
  };

  const label = (id) => {
    const entry = data.nodes[id] || data.cards[id];
    return { name: entry.name, type: entry.type };
  };

  const link = (id, note) => {
    const item = element("li");
    const button = element("button", label(id).name);
    button.type = "button";
    button.addEventListener("click", () => { reveal(id); choose(id); byId(id).scrollIntoView({ block: "nearest" }); });
    item.append(button, " ", element("span", [label(id).type, note].filter(Boolean).join(" · ")));
    return item;
  };

  const list = (title, className, items) => {
    if (!items.length) return [];
    const heading = element("h3", `${title} (${items.length})`, className);
    const made = element("ul");
    made.append(...items);
    return [heading, made];
  };

  const flowsOf = (end, other) => {
    const found = new Map();
    for (const flow of data.flows) {
      if (!touches(flow[end]) || touches(flow[other])) continue;
      const notes = found.get(flow[other]) || [];
      notes.push(...flow[2]);
      found.set(flow[other], notes);
    }
    return [...found].map(([id, notes]) => {
      const inputs = [...new Set(notes)];
      return link(id, inputs.slice(0, 3).join(", ") + (inputs.length > 3 ? ", …" : ""));
    });
  };

  // What has to be there before, without giving a value: mostly switched-on services, and many, so by card.
  const waits = () => {
    const counts = new Map();
    for (const [source, target] of data.order) {
      const card = cardOf(source);
      if (touches(target) && card !== cardOf(target)) counts.set(card, (counts.get(card) || new Set()).add(source));
    }
    return [...counts].map(([card, sources]) => link(card, sources.size > 1 ? `${sources.size} resources` : ""));
  };

  const properties = (rows) => {
    if (!rows.length) return [];
    const table = element("table");
    for (const [path, value, kind] of rows) {
      const row = element("tr");
      row.append(element("td", path), element("td", value, kind));
      table.append(row);
    }
    return [element("h3", `Properties (${rows.length})`), table];
  };

  const show = (id) => {
    const entry = data.nodes[id] || data.cards[id];
    const parts = [element("h2", entry.name), element("p", entry.type, "type")];
    if (entry.marks && entry.marks.length) {
      const marks = element("p");
      for (const mark of entry.marks) marks.append(element("span", mark, "mark"));
      parts.push(marks);
    }
    if (entry.source) parts.push(element("p", `made at ${entry.source}`));
    if (entry.urn) parts.push(element("p", entry.urn, "urn"));
    parts.push(...list("Uses values of", "in", flowsOf(1, 0)), ...list("Gives values to", "out", flowsOf(0, 1)));
    parts.push(...list("Waits for", "", waits()));
    if (data.nodes[id]) parts.push(...properties(entry.properties));
    else parts.push(...list("Resources", "", entry.members.map((member) => link(member))));
    details.replaceChildren(...parts);
  };

  const choose = (id) => {
    chosen = id;
    for (const old of document.querySelectorAll(".selected, .near-in, .near-out, .holds")) {
      old.classList.remove("selected", "near-in", "near-out", "holds");
    }
    document.body.classList.toggle("chosen", chosen !== null);
    if (chosen === null) {
      details.replaceChildren(...help.map((node) => node.cloneNode(true)));
    } else {
      byId(chosen).classList.add("selected");
      byId(cardOf(chosen)).classList.add("holds");
      for (const [source, target] of data.flows) {
        if (cardOf(source) === cardOf(target)) continue;
        if (touches(target)) byId(cardOf(source)).classList.add("near-in");
        else if (touches(source)) byId(cardOf(target)).classList.add("near-out");
      }
      show(chosen);
      byId("panel").scrollTop = 0;
    }
    draw();
  };

  const reveal = (id) => { if (home[id]) byId(home[id]).open = true; };

  const search = () => {
    const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const text = (entry) => [entry.name, entry.type, ...(entry.properties || []).flat()].join(" ").toLowerCase();
    let hits = 0;
    for (const [id, card] of Object.entries(data.cards)) {
      let found = words.length > 0 && words.every((word) => text(card).includes(word));
      for (const member of card.members) {
        const hit = words.length > 0 && words.every((word) => text(data.nodes[member]).includes(word));
        byId(member).classList.toggle("hit", hit);
        hits += hit;
        found = found || hit;
      }
      byId(id).classList.toggle("hit", found);
    }
    document.body.classList.toggle("searching", words.length > 0);
    byId("found").value = words.length ? `${hits} found` : "";
  };

  const move = (event) => {
    const places = [...plan.querySelectorAll("summary, details[open] .node")];
    const here = places.indexOf(document.activeElement);
    if (here < 0) return;
    const current = places[here].getBoundingClientRect();
    let next = null;
    if (event.key === "ArrowRight") next = places[here + 1];
    if (event.key === "ArrowLeft") next = places[here - 1];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const down = event.key === "ArrowDown";
      let best = Infinity;
      for (const place of places) {
        const there = place.getBoundingClientRect();
        const height = down ? there.top - current.bottom : current.top - there.bottom;
        const distance = height * 2 + Math.abs(there.left - current.left);
        if (height >= -2 && distance < best && place !== places[here]) { best = distance; next = place; }
      }
    }
    if (next) { event.preventDefault(); next.focus(); }
  };

  plan.addEventListener("click", (event) => {
    const node = event.target.closest(".node");
    const summary = event.target.closest("summary");
    if (node) choose(node.id);
    else if (summary) choose(summary.parentElement.id);
  });
  plan.addEventListener("toggle", draw, true);
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
  byId("expand").addEventListener("click", () => { for (const card of plan.querySelectorAll(".card")) card.open = true; });
  byId("collapse").addEventListener("click", () => { for (const card of plan.querySelectorAll(".card")) card.open = false; });
  byId("theme").addEventListener("change", (event) => {
    if (event.target.value) document.documentElement.dataset.theme = event.target.value;
    else delete document.documentElement.dataset.theme;
  });
  new ResizeObserver(draw).observe(plan);
  // A link to the page may name what to show, such as `graph.html#c3`: ids that the page does not know are ignored.
  const wanted = location.hash.slice(1);
  if (Object.hasOwn(data.cards, wanted) || Object.hasOwn(data.nodes, wanted)) { reveal(wanted); choose(wanted); }
  draw();
})();
