// A view of a drawing that package decision made: an <svg class="graph"> in an element. It can
// be moved and zoomed by mouse, touch and keyboard. It begins at a size at which all text can
// be read, where the lit path ends. It needs graph.css, and nothing else of a page.
//
//   const view = graphView(element); // the element with the svg in it
//   view.path(); view.all(); view.to("n-K13"); view.zoom(1.3);
"use strict";

// graphView makes the view, or returns null if there is no drawing.
function graphView(root) {
  const svg = root.querySelector("svg.graph");
  if (!svg) return null;
  const full = { width: svg.viewBox.baseVal.width, height: svg.viewBox.baseVal.height };
  const paper = document.createElement("div");
  paper.className = "graph-paper";
  paper.tabIndex = 0;
  paper.setAttribute("role", "region");
  paper.setAttribute("aria-label", "The graph. Arrows move it, + and - zoom, 0 shows all, 1 the path.");
  root.append(paper);
  paper.append(svg);
  let scale = 1;

  // resize sets the scale. Below 0.1 nothing can be seen.
  function resize(to) {
    scale = Math.min(Math.max(to, 0.1), 4);
    svg.setAttribute("width", full.width * scale);
    svg.setAttribute("height", full.height * scale);
  }

  // centre scrolls to a place of the drawing.
  function centre(x, y) {
    paper.scrollTo(x * scale - paper.clientWidth / 2, y * scale - paper.clientHeight / 2);
  }

  function middle(box) { return [box.x + box.width / 2, box.y + box.height / 2]; }

  // zoom makes the drawing larger by a factor. A point of the paper stays where it is: by
  // default its middle.
  function zoom(factor, x = paper.clientWidth / 2, y = paper.clientHeight / 2) {
    const [atX, atY] = [(paper.scrollLeft + x) / scale, (paper.scrollTop + y) / scale];
    resize(scale * factor);
    paper.scrollTo(atX * scale - x, atY * scale - y);
  }

  function all() { resize(Math.min(paper.clientWidth / full.width, paper.clientHeight / full.height)); }

  // lit returns the rows that the path passes, in its order, then the status at its end.
  function lit() { return [...svg.querySelectorAll(".node.lit, .node.dim"), ...svg.querySelectorAll(".status.last")]; }

  // path shows the lit path. If it is too long, it shows the end, and as many rows with it as
  // there is room for: text must stay readable.
  function path() {
    resize(1);
    const boxes = lit().map((g) => g.getBBox());
    if (boxes.length === 0) return start();
    const [x0, x1] = [Math.min(...boxes.map((b) => b.x)), Math.max(...boxes.map((b) => b.x + b.width))];
    const [y0, y1] = [Math.min(...boxes.map((b) => b.y)), Math.max(...boxes.map((b) => b.y + b.height))];
    const end = svg.querySelector(".status.last");
    if (!end || (x1 - x0 < paper.clientWidth && y1 - y0 < paper.clientHeight)) return centre((x0 + x1) / 2, (y0 + y1) / 2);
    const [x, y] = middle(end.getBBox()), width = paper.clientWidth, height = paper.clientHeight;
    let best = { count: -1 };
    for (const right of [.5, .3, .7, .15, .85]) {
      for (const down of [.5, .3, .7, .15, .85]) {
        const [left, top] = [x - right * width, y - down * height];
        const count = boxes.filter((b) => b.x > left && b.x + b.width < left + width && b.y > top && b.y + b.height < top + height).length;
        if (count > best.count) best = { count, left, top };
      }
    }
    paper.scrollTo(best.left, best.top);
  }

  function start() {
    const begin = svg.querySelector("[id^=s-start-]");
    if (begin) centre(...middle(begin.getBBox()));
  }

  // to shows an element of the drawing, by its id.
  function to(id) {
    const g = svg.querySelector("#" + CSS.escape(id));
    if (!g) return null;
    if (scale < 1) resize(1);
    centre(...middle(g.getBBox()));
    return g;
  }

  // step goes along the lit path, from the row in the middle.
  let at = -1;
  function step(by) {
    const rows = lit();
    if (rows.length === 0) return;
    if (at < 0) at = by < 0 ? rows.length - 1 : -1;
    rows.forEach((g) => g.classList.remove("near"));
    at = Math.min(Math.max(at + by, 0), rows.length - 1);
    rows[at].classList.add("near");
    to(rows[at].id);
  }

  const view = { root, svg, paper, path, all, to, zoom, step };
  graphTools(view);
  graphPointers(view);
  path();
  return view;
}

// graphTools adds the buttons and the keys.
function graphTools(view) {
  const traced = view.svg.classList.contains("traced");
  const tools = document.createElement("div");
  tools.className = "graph-tools";
  tools.setAttribute("role", "group");
  tools.setAttribute("aria-label", "The view of the graph");
  const actions = [
    ["path", traced ? "Path" : "Start", "", view.path], ["all", "All", "", view.all],
    ["back", "←", "One decision back", () => view.step(-1)], ["on", "→", "One decision on", () => view.step(1)],
    ["out", "−", "Smaller", () => view.zoom(1 / 1.3)], ["in", "+", "Larger", () => view.zoom(1.3)],
  ];
  for (const [name, text, label, act] of actions) {
    if (!traced && (name === "back" || name === "on")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.zoom = name;
    button.textContent = text;
    if (label) button.setAttribute("aria-label", label);
    button.addEventListener("click", act);
    tools.append(button);
  }
  view.paper.before(tools);
  const keys = { "+": () => view.zoom(1.3), "=": () => view.zoom(1.3), "-": () => view.zoom(1 / 1.3), "0": view.all, "1": view.path };
  view.paper.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
}

// graphPointers lets a mouse drag and zoom the drawing, and two fingers zoom it. One finger
// scrolls it, as it scrolls the page.
function graphPointers(view) {
  const { paper } = view;
  let from = null;
  paper.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button !== 0 || event.target === paper) return;
    from = { x: event.clientX + paper.scrollLeft, y: event.clientY + paper.scrollTop };
    paper.setPointerCapture(event.pointerId);
    paper.classList.add("dragged");
  });
  paper.addEventListener("pointermove", (event) => {
    if (from) paper.scrollTo(from.x - event.clientX, from.y - event.clientY);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    paper.addEventListener(end, () => { from = null; paper.classList.remove("dragged"); });
  }
  const inside = (x, y) => { const box = paper.getBoundingClientRect(); return [x - box.left, y - box.top]; };
  paper.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return; // it scrolls
    event.preventDefault();
    view.zoom(Math.exp(-event.deltaY / 200), ...inside(event.clientX, event.clientY));
  }, { passive: false });
  paper.addEventListener("dblclick", (event) => view.zoom(1.6, ...inside(event.clientX, event.clientY)));

  let apart = 0; // how far the fingers were
  const spread = (t) => Math.hypot(t[0].clientX - t[1].clientX, t[0].clientY - t[1].clientY);
  paper.addEventListener("touchstart", (event) => { if (event.touches.length === 2) apart = spread(event.touches); }, { passive: true });
  paper.addEventListener("touchmove", (event) => {
    if (event.touches.length !== 2 || !apart) return;
    event.preventDefault();
    const t = event.touches, now = spread(t);
    view.zoom(now / apart, ...inside((t[0].clientX + t[1].clientX) / 2, (t[0].clientY + t[1].clientY) / 2));
    apart = now;
  }, { passive: false });
  paper.addEventListener("touchend", () => { apart = 0; });
}
