// The map of the graph: an SVG that can be moved and zoomed by mouse, touch and keyboard. It
// begins with the way of the request, as large as it can be read.
"use strict";

// readable is the smallest scale at which the text of 12 px has 11 px.
const readable = 11 / 12;
const margin = 26;

// makeMap makes a map of an element. show takes the SVG as text; zoom takes way, all, in or out.
function makeMap(paper) {
  let svg = null, full = null;
  let view = { x: 0, y: 0, scale: 1 }; // the corner of what is seen, in the drawing, and its scale

  function size() {
    return { width: paper.clientWidth, height: paper.clientHeight };
  }

  // put draws the view, with the drawing kept in sight.
  function put(to) {
    const { width, height } = size();
    const scale = Math.min(Math.max(to.scale, 0.08), 3);
    const bound = (at, seen, whole) => {
      const slack = Math.min(seen, whole) / 2;
      return Math.min(Math.max(at, -slack), whole - seen + slack);
    };
    view = { scale, x: bound(to.x, width / scale, full.width), y: bound(to.y, height / scale, full.height) };
    svg.setAttribute("viewBox", [view.x, view.y, width / scale, height / scale].map((n) => n.toFixed(1)).join(" "));
  }

  function centre(x, y, scale) {
    const { width, height } = size();
    put({ scale, x: x - width / scale / 2, y: y - height / scale / 2 });
  }

  // around zooms, and keeps a place of the paper where it is; without one, the middle.
  function around(factor, at) {
    const { width, height } = size();
    const place = at || { x: width / 2, y: height / 2 };
    const scale = Math.min(Math.max(view.scale * factor, 0.08), 3);
    put({ scale, x: view.x + place.x / view.scale - place.x / scale, y: view.y + place.y / view.scale - place.y / scale });
  }

  function move(x, y) {
    put({ scale: view.scale, x: view.x - x / view.scale, y: view.y - y / view.scale });
  }

  // bounds is the box around all that matches, or null.
  function bounds(selector) {
    let box = null;
    for (const g of svg.querySelectorAll(selector)) {
      const b = g.getBBox();
      const x1 = b.x + b.width, y1 = b.y + b.height;
      box = box ? { x0: Math.min(box.x0, b.x), y0: Math.min(box.y0, b.y), x1: Math.max(box.x1, x1), y1: Math.max(box.y1, y1) }
        : { x0: b.x, y0: b.y, x1, y1 };
    }
    return box;
  }

  function fit(box, least, most) {
    const { width, height } = size();
    const scale = Math.min(width / (box.x1 - box.x0 + 2 * margin), height / (box.y1 - box.y0 + 2 * margin), most);
    centre((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2, Math.max(scale, least));
    return scale >= least;
  }

  // way shows the whole way if it can be read so, or else its end.
  function way() {
    const box = bounds(".node.lit, .node.dim, .status.lit, .status.dim");
    if (!box) return all();
    stretch(box);
    if (fit(box, readable, 1.25)) return;
    const end = bounds(".status.last") || box;
    const { width, height } = size();
    // place is the corner from which a span is seen, or as much of it around a place as there is room.
    const place = (low, high, room, at) => (high - low <= room ? (low + high - room) / 2
      : Math.min(Math.max(at - room / 2, low), high - room));
    const x = place(box.x0 - margin, box.x1 + margin, width / readable, (end.x0 + end.x1) / 2);
    const y = place(box.y0 - margin, box.y1 + margin, height / readable, (end.y0 + end.y1) / 2);
    put({ scale: readable, x, y });
  }

  // stretch makes the paper high enough for the way, if the window is high enough for that.
  function stretch(box) {
    const wanted = (box.y1 - box.y0 + 2 * margin) * readable;
    const most = Math.max(innerHeight * (innerWidth < 740 ? 0.6 : 1.1), 320);
    paper.style.height = Math.round(Math.min(Math.max(wanted, 320), most)) + "px";
  }

  function all() {
    fit({ x0: 0, y0: 0, x1: full.width, y1: full.height }, 0.08, 1.25);
  }

  const zooms = { way, all, in: () => around(1.25), out: () => around(0.8) };

  paper.addEventListener("keydown", (event) => {
    if (!svg || event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = {
      ArrowLeft: () => move(60, 0), ArrowRight: () => move(-60, 0), ArrowUp: () => move(0, 60), ArrowDown: () => move(0, -60),
      "+": zooms.in, "=": zooms.in, "-": zooms.out, 0: way, a: all,
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  paper.addEventListener("wheel", (event) => {
    if (!svg || !(event.ctrlKey || event.metaKey)) return; // a plain wheel scrolls the page
    event.preventDefault();
    const frame = paper.getBoundingClientRect();
    around(Math.exp(-event.deltaY / 300), { x: event.clientX - frame.left, y: event.clientY - frame.top });
  }, { passive: false });

  // One pointer moves; two move and zoom.
  const pointers = new Map();
  const middle = () => {
    const all = [...pointers.values()];
    const x = all.reduce((sum, p) => sum + p.x, 0) / all.length;
    const y = all.reduce((sum, p) => sum + p.y, 0) / all.length;
    return { x, y, spread: all.length > 1 ? Math.hypot(all[0].x - all[1].x, all[0].y - all[1].y) : 0 };
  };
  paper.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    paper.setPointerCapture(event.pointerId);
  });
  paper.addEventListener("pointermove", (event) => {
    if (!svg || !pointers.has(event.pointerId)) return;
    const before = middle();
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const after = middle();
    move(after.x - before.x, after.y - before.y);
    if (before.spread > 10 && after.spread > 10) {
      const frame = paper.getBoundingClientRect();
      around(after.spread / before.spread, { x: after.x - frame.left, y: after.y - frame.top });
    }
  });
  for (const name of ["pointerup", "pointercancel"]) {
    paper.addEventListener(name, (event) => pointers.delete(event.pointerId));
  }
  // Two fingers are the map's, and one finger up or down scrolls the page.
  paper.addEventListener("touchmove", (event) => {
    if (event.touches.length > 1) event.preventDefault();
  }, { passive: false });

  let width = 0;
  new ResizeObserver(() => {
    if (!svg || width === paper.clientWidth) return; // its height is the way's
    width = paper.clientWidth;
    way();
  }).observe(paper);

  return {
    // show draws another SVG. The text is from the library, which escapes what is in it.
    show(text) {
      paper.innerHTML = text;
      svg = paper.querySelector("svg");
      full = { width: svg.viewBox.baseVal.width, height: svg.viewBox.baseVal.height };
      svg.removeAttribute("width");
      svg.removeAttribute("height");
      svg.setAttribute("preserveAspectRatio", "xMidYMid meet");
      way();
    },
    zoom(name) { if (svg) zooms[name](); },
    // near marks a row, and brings it into sight if asked to.
    near(id, on, look) {
      const node = svg && svg.querySelector("#n-" + CSS.escape(id));
      if (!node) return;
      node.classList.toggle("near", on);
      if (!on || !look) return;
      const box = node.getBBox();
      centre(box.x + box.width / 2, box.y + box.height / 2, view.scale);
    },
  };
}
