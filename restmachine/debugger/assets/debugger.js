// What the Debugger's pages do beyond showing: new exchanges appear in the list,
// and a decision and its place in the drawing point at each other. Text from
// requests is only ever set as text.
"use strict";

// live puts new exchanges on top of the list.
function live() {
  const status = document.getElementById("live");
  if (!status) return;
  const rows = document.getElementById("exchanges");
  const row = document.getElementById("row").content.firstElementChild;
  const max = Number(status.dataset.max);
  const source = new EventSource(status.dataset.events);
  source.addEventListener("open", () => { status.textContent = "Live: new exchanges appear here."; });
  source.addEventListener("error", () => {
    status.textContent = source.readyState === EventSource.CLOSED
      ? "Not live: reload the page for new exchanges." : "The connection was cut; trying again.";
  });
  source.addEventListener("exchange", (event) => {
    const e = JSON.parse(event.data);
    const tr = row.cloneNode(true);
    const [code, method, last] = tr.querySelectorAll("b");
    const [target, why] = tr.querySelectorAll("bdi");
    const link = tr.querySelector("a");
    const time = tr.querySelector("time");
    const cells = tr.children;
    code.textContent = e.status;
    code.classList.add("s" + Math.floor(e.status / 100));
    method.textContent = e.method;
    target.textContent = e.target;
    last.textContent = e.last || "";
    why.textContent = e.why || "";
    link.href = "exchanges/" + e.id;
    cells[3].textContent = e.route || "";
    cells[4].textContent = rough(e.nanoseconds);
    time.dateTime = e.started;
    time.textContent = e.started.slice(11, 23);
    tr.classList.add("fresh");
    for (const none of rows.querySelectorAll(".none")) none.remove();
    rows.prepend(tr);
    while (rows.children.length > max) rows.lastElementChild.remove();
  });
}

// rough is a time that is easy to read.
function rough(nanoseconds) {
  if (nanoseconds >= 1e9) return (nanoseconds / 1e9).toFixed(2) + "s";
  if (nanoseconds >= 1e6) return (nanoseconds / 1e6).toFixed(2) + "ms";
  return (nanoseconds / 1e3).toFixed(1) + "µs";
}

// drawing lets the drawing be zoomed, and joins it with the list beside it.
function drawing() {
  const paper = document.querySelector(".paper");
  const svg = paper && paper.querySelector("svg");
  if (!svg) return;
  const full = { width: svg.viewBox.baseVal.width, height: svg.viewBox.baseVal.height };
  let scale = 1;

  function zoom(to) {
    scale = Math.min(Math.max(to, 0.1), 2);
    svg.setAttribute("width", full.width * scale);
    svg.setAttribute("height", full.height * scale);
  }

  // centre scrolls to a place of the drawing.
  function centre(x, y) {
    paper.scrollTo(x * scale - paper.clientWidth / 2, y * scale - paper.clientHeight / 2);
  }

  // bounds is the box around what is lit, or null.
  function bounds() {
    let box = null;
    for (const g of svg.querySelectorAll(".node.lit, .node.dim, .status.last")) {
      const b = g.getBBox();
      if (!box) box = { x0: b.x, y0: b.y, x1: b.x + b.width, y1: b.y + b.height };
      box = {
        x0: Math.min(box.x0, b.x), y0: Math.min(box.y0, b.y),
        x1: Math.max(box.x1, b.x + b.width), y1: Math.max(box.y1, b.y + b.height),
      };
    }
    return box;
  }

  function showAll() {
    zoom(Math.min(paper.clientWidth / full.width, paper.clientHeight / full.height));
  }

  // showPath shows all that is lit, where that can still be read: on a phone, its
  // end.
  function showPath() {
    const box = bounds();
    if (!box) return showAll();
    const margin = 60;
    const fit = Math.min(paper.clientWidth / (box.x1 - box.x0 + 2 * margin), paper.clientHeight / (box.y1 - box.y0 + 2 * margin), 1);
    const last = svg.querySelector(".status.last");
    if (fit >= 0.3 || !last) {
      zoom(Math.max(fit, 0.3));
      return centre((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2);
    }
    zoom(0.45);
    const end = last.getBBox();
    centre(end.x, end.y - paper.clientHeight / 4 / scale);
  }

  const zooms = {
    path: showPath, all: showAll,
    in: () => around(1.3), out: () => around(1 / 1.3),
  };

  // around zooms, and keeps what is in the middle there.
  function around(factor) {
    const x = (paper.scrollLeft + paper.clientWidth / 2) / scale;
    const y = (paper.scrollTop + paper.clientHeight / 2) / scale;
    zoom(scale * factor);
    centre(x, y);
  }

  document.querySelector(".zoom").hidden = false;
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", zooms[button.dataset.zoom]);
  }
  link(svg, centre);
  showPath();
  const list = document.querySelector(".decisions");
  if (list) list.scrollTop = list.scrollHeight; // what decided comes last
}

// link makes a decision in the list and its row in the drawing point at each
// other, by pointer and by keyboard.
function link(svg, centre) {
  const entries = [...document.querySelectorAll("[data-node]")];

  function near(id, on) {
    const node = document.getElementById(id);
    if (node) node.classList.toggle("near", on);
    for (const entry of entries) {
      if (entry.dataset.node === id) entry.classList.toggle("near", on);
    }
    return node;
  }

  entries.forEach((entry, i) => {
    const id = entry.dataset.node;
    entry.addEventListener("pointerenter", () => near(id, true));
    entry.addEventListener("pointerleave", () => near(id, false));
    entry.addEventListener("blur", () => near(id, false));
    entry.addEventListener("focus", () => {
      const node = near(id, true);
      if (!node) return;
      const box = node.getBBox();
      centre(box.x + box.width / 2, box.y + box.height / 2);
    });
    entry.addEventListener("click", (event) => { event.preventDefault(); entry.focus(); });
    entry.addEventListener("keydown", (event) => {
      const to = { ArrowDown: i + 1, ArrowUp: i - 1, Home: 0, End: entries.length - 1 }[event.key];
      if (entries[to]) {
        event.preventDefault();
        entries[to].focus();
      }
    });
  });
  for (const node of svg.querySelectorAll(".node")) {
    node.addEventListener("pointerenter", () => {
      near(node.id, true);
      const entry = entries.find((one) => one.dataset.node === node.id);
      if (entry) entry.scrollIntoView({ block: "nearest" });
    });
    node.addEventListener("pointerleave", () => near(node.id, false));
  }
}

live();
drawing();
