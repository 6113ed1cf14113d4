"use strict";
// Draws arrows between boxes, as curves from side to side. What to draw is the caller's choice.
const arrowsOn = (plan) => {
  const place = (target) => {
    const [rectangle, frame] = [target.getBoundingClientRect(), plan.getBoundingClientRect()];
    const [left, top] = [rectangle.left - frame.left, rectangle.top - frame.top];
    return { left, top, right: left + rectangle.width, bottom: top + rectangle.height, x: left + rectangle.width / 2, y: top + rectangle.height / 2 };
  };

  // Arrows leave and reach boxes at the sides that face each other.
  const sides = (from, to) => {
    if (to.top > from.bottom + 4) return ["bottom", "top"];
    if (from.top > to.bottom + 4) return ["top", "bottom"];
    return to.x > from.x ? ["right", "left"] : ["left", "right"];
  };

  // Arrows that meet at one side share it evenly, in the order of where they come from, so that few cross.
  const spread = (arrows) => {
    const ports = new Map();
    for (const port of arrows.flatMap((arrow) => [arrow.out, arrow.into])) {
      const key = `${port.id} ${port.side}`;
      ports.set(key, [...(ports.get(key) || []), port]);
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
    const [[ox, oy], [ix, iy]] = [steps[out.side], steps[into.side]];
    const bend = ox ? 14 : Math.min(90, Math.max(16, Math.abs(into.y - out.y) / 2));
    const [x, y] = [into.x + ix, into.y + iy];
    return `M${out.x} ${out.y} C${out.x + ox * bend} ${out.y + oy * bend} ${x + ix * bend} ${y + iy * bend} ${x} ${y}`;
  };

  // Gives a path for each `{ from, to, kind, right }`: elements, a class, and whether it is a right rather than a value.
  return (wanted) => {
    const places = new Map();
    const placeOf = (target) => {
      if (!places.has(target)) places.set(target, place(target));
      return places.get(target);
    };
    const arrows = wanted.map(({ from, to, kind, right }) => {
      const [start, end] = [placeOf(from), placeOf(to)];
      const [leave, reach] = sides(start, end);
      return {
        kind, right,
        out: { id: from.id, box: start, other: end, side: leave },
        into: { id: to.id, box: end, other: start, side: reach },
      };
    });
    spread(arrows);
    return arrows.map((arrow) => {
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("class", ["line", arrow.kind, arrow.right ? "right" : ""].join(" ").trim());
      path.setAttribute("d", curve(arrow));
      path.setAttribute("marker-end", `url(#tip${arrow.kind ? "-" + arrow.kind : ""})`);
      return path;
    });
  };
};
