// What the Debugger's pages do beyond showing: new exchanges appear in the list, a decision
// and its place in the drawing point at each other, texts can be copied. Text from requests is
// only ever set as text.
"use strict";

// live puts new exchanges on top of the list.
function live() {
  const status = document.getElementById("live");
  if (!status) return;
  const rows = document.getElementById("exchanges");
  const max = Number(status.dataset.max);
  const source = new EventSource(status.dataset.events);
  source.addEventListener("open", () => { status.textContent = "Live: new exchanges appear here."; });
  source.addEventListener("error", () => {
    status.textContent = source.readyState === EventSource.CLOSED
      ? "Not live: reload the page for new exchanges." : "The connection was cut; trying again.";
  });
  source.addEventListener("exchange", (event) => {
    for (const none of rows.querySelectorAll(".none")) none.remove();
    rows.prepend(listed(JSON.parse(event.data)));
    while (rows.children.length > max) rows.lastElementChild.remove();
  });
}

// listed is the row of an exchange.
function listed(e) {
  const tr = document.getElementById("row").content.firstElementChild.cloneNode(true);
  const [code, method, last] = tr.querySelectorAll("b");
  const [target, why] = tr.querySelectorAll("bdi");
  const box = tr.querySelector("input"), time = tr.querySelector("time"), cells = tr.children;
  box.value = e.id;
  box.setAttribute("aria-label", "Compare exchange " + e.id);
  code.textContent = e.status;
  code.classList.add("s" + Math.floor(e.status / 100));
  method.textContent = e.method;
  target.textContent = e.target;
  last.textContent = e.last || "";
  why.textContent = e.why || "";
  tr.querySelector(".warned").textContent = e.warned ? e.warned + " warned" : "";
  tr.querySelector("a").href = "exchanges/" + e.id;
  cells[4].textContent = e.route || "";
  cells[5].textContent = rough(e.nanoseconds);
  time.dateTime = e.started;
  time.textContent = e.started.slice(11, 23);
  tr.classList.add("fresh");
  return tr;
}

// rough is a time that is easy to read.
function rough(nanoseconds) {
  if (nanoseconds >= 1e9) return (nanoseconds / 1e9).toFixed(2) + "s";
  if (nanoseconds >= 1e6) return (nanoseconds / 1e6).toFixed(2) + "ms";
  return (nanoseconds / 1e3).toFixed(1) + "µs";
}

// chosen lets two exchanges be chosen: the third takes the place of the first.
function chosen() {
  const form = document.getElementById("compare");
  if (!form) return;
  const button = form.querySelector("button");
  let order = [];
  const update = () => {
    order = order.filter((box) => box.checked && box.isConnected);
    button.disabled = order.length !== 2;
  };
  order = [...document.querySelectorAll("[form=compare]:checked")];
  update();
  document.getElementById("exchanges").addEventListener("change", (event) => {
    if (event.target.checked) order.push(event.target);
    update();
    while (order.length > 2) order.shift().checked = false;
    update();
  });
}

// drawing shows the graph, and joins it with the list of decisions.
function drawing() {
  const root = document.querySelector(".graph-view");
  const view = root && graphView(root);
  if (!view) return;
  const entries = [...document.querySelectorAll("[data-node]")];
  const near = (id, on) => {
    const node = document.getElementById(id);
    if (node) node.classList.toggle("near", on);
    for (const entry of entries) entry.classList.toggle("near", on && entry.dataset.node === id);
  };
  for (const entry of entries) {
    const id = entry.dataset.node;
    entry.addEventListener("pointerenter", () => near(id, true));
    entry.addEventListener("pointerleave", () => near(id, entry === document.activeElement));
    entry.addEventListener("blur", () => near(id, false));
    entry.addEventListener("focus", () => { near(id, true); view.to(id); });
    entry.addEventListener("click", (event) => {
      event.preventDefault();
      entry.focus();
      view.root.scrollIntoView({ block: "nearest" });
    });
  }
  for (const node of view.svg.querySelectorAll(".node")) {
    node.addEventListener("pointerenter", () => near(node.id, true));
    node.addEventListener("pointerleave", () => near(node.id, false));
  }
}

// copies lets texts be copied. Where a page has no clipboard, the text is selected.
function copies() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    const label = button.innerHTML;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copy);
      let done = false;
      try {
        await navigator.clipboard.writeText(source.textContent);
        done = true;
      } catch {
        getSelection().selectAllChildren(source);
      }
      button.textContent = done ? "Copied" : "Selected: copy it";
      setTimeout(() => { button.innerHTML = label; }, 2000);
    });
  }
}

live();
chosen();
drawing();
copies();
