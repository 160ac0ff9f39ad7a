// The page of the playground. What is chosen becomes the fragment of a link; the library, which
// runs as WebAssembly, answers the link. Text from it is only ever set as text.
"use strict";

const $ = (id) => document.getElementById(id);
const body = document.body.dataset;
let map = null;
let last = null; // the answer that is shown

// load fetches the library and runs it. It takes the packed file where the browser can unpack it,
// unless the server sends the plain one packed.
async function load() {
  if (typeof WebAssembly !== "object" || typeof Go !== "function") {
    return fail("This browser cannot run the library.", "It needs WebAssembly, which every browser since 2017 has. It may be switched off.");
  }
  $("loading").hidden = false;
  $("failure").hidden = true;
  let problem;
  for (const source of await sources()) {
    try {
      const go = new Go();
      const response = await source();
      const { instance } = await WebAssembly.instantiateStreaming(response, go.importObject);
      const ready = new Promise((resolve) => addEventListener("restmachine", resolve, { once: true }));
      go.run(instance).then(() => fail("The library has stopped.", "Load the page again."));
      await ready;
      return begin();
    } catch (error) {
      problem = error;
    }
  }
  fail("The library could not be loaded.", (location.protocol === "file:"
    ? "A browser does not fetch it from a file: open the page by a server, such as python3 -m http.server. "
    : "The connection may be down, or a file may be missing on the server. ") + "The browser says: " + problem.message);
}

// sources returns functions that fetch the library, the best first.
async function sources() {
  const plain = body.wasm + "?" + body.version;
  const packed = body.wasm + ".gz?" + body.version;
  const whole = () => fetched(plain, Number(body.size), null);
  if (typeof DecompressionStream !== "function") return [whole];
  const unpacked = () => fetched(packed, Number(body.packed), new DecompressionStream("gzip"));
  try {
    const head = await fetch(plain, { method: "HEAD" });
    if (head.ok && head.headers.get("Content-Encoding")) return [whole, unpacked];
  } catch {
    // The fetch itself will say what is wrong.
  }
  return [unpacked, whole];
}

// fetched fetches a file, and shows how much of it has come.
async function fetched(name, size, unpack) {
  const response = await fetch(name);
  if (!response.ok) throw new Error(name.replace(/\?.*/, "") + " is " + response.status);
  let got = 0;
  const count = new TransformStream({
    transform(chunk, controller) {
      got += chunk.byteLength;
      const part = Math.min(got / size, 1);
      $("progress").value = part;
      $("loaded").textContent = ((part * Number(body.packed)) / 1e6).toFixed(1);
      controller.enqueue(chunk);
    },
  });
  let stream = response.body.pipeThrough(count);
  if (unpack && !response.headers.get("Content-Encoding")) stream = stream.pipeThrough(unpack);
  return new Response(stream, { headers: { "Content-Type": "application/wasm" } });
}

function fail(text, help) {
  $("loading").hidden = true;
  $("failure").hidden = false;
  $("failure-text").textContent = text;
  $("failure-help").textContent = help;
}

function begin() {
  $("loading").hidden = true;
  $("inputs").disabled = false;
  $("share").disabled = false;
  $("bar").hidden = false;
  for (const part of document.querySelectorAll("[data-later]")) part.hidden = false;
  map = makeMap($("map"));
  open(location.hash);
  performance.mark("playground"); // when the page can be used: the tests measure it
}

// open shows the state of a link.
function open(link) {
  const a = JSON.parse(restmachine.open(link));
  $("found").replaceChildren();
  fill(a);
  problem(a.error ? a.error + ". The page shows the beginning instead." : "");
  show(a);
}

// problem says what is wrong with the link or an input.
function problem(text) {
  $("problem").hidden = text === "";
  $("problem").textContent = text && text[0].toUpperCase() + text.slice(1);
}

// fill puts an answer's state into the form.
function fill(a) {
  for (const control of document.querySelectorAll("[data-setting]")) {
    const value = a.chosen[control.dataset.setting];
    if (control.matches("fieldset")) {
      for (const box of control.querySelectorAll("input")) box.checked = value.split(",").includes(box.value);
    } else {
      control.value = value;
    }
  }
  $("method").value = a.method;
  $("path").value = a.path;
  $("content").value = a.content;
  $("fields").replaceChildren();
  for (const f of a.fields) addField(f.name, f.value);
}

function addField(name, value) {
  const item = $("field").content.firstElementChild.cloneNode(true);
  item.querySelector(".name").value = name;
  item.querySelector(".value").value = value;
  $("fields").append(item);
  return item;
}

// valueOf is what is chosen in a control.
function valueOf(control) {
  if (control.matches("fieldset")) return [...control.querySelectorAll("input:checked")].map((box) => box.value).join(",");
  return control.type === "datetime-local" && control.value.length === 16 ? control.value + ":00" : control.value;
}

// linkOf is the fragment of what the form says.
function linkOf() {
  const all = new URLSearchParams();
  for (const control of document.querySelectorAll("[data-setting]")) {
    const value = valueOf(control);
    if (value !== control.dataset.default) all.append(control.dataset.setting, value);
  }
  all.append("method", $("method").value.trim());
  all.append("path", $("path").value.trim());
  for (const item of $("fields").children) {
    const name = item.querySelector(".name").value.trim(), value = item.querySelector(".value").value;
    if (name || value) all.append("field", name + ":" + value);
  }
  if ($("content").value) all.append("content", $("content").value);
  return all.toString();
}

// edited answers what the form says now.
function edited() {
  const a = JSON.parse(restmachine.open(linkOf()));
  $("found").replaceChildren();
  if (a.error) { // half a field, for example: the answer waits
    problem(a.error + ".");
    $("answer").classList.add("stale");
    return;
  }
  problem("");
  history.replaceState(null, "", a.link ? "#" + a.link : location.pathname + location.search);
  show(a);
}

// go shows the state of another link, to which Back returns.
function go(link) {
  const at = link ? "#" + link : location.pathname + location.search;
  history.pushState(null, "", at);
  open(link);
}

function show(a) {
  last = a;
  $("answer").classList.remove("stale");
  const kind = "s" + Math.floor(a.status / 100);
  setText($("status"), String(a.status));
  $("status").className = "status " + kind;
  setText($("reason"), a.reason);
  const [code, reason] = $("bar").querySelectorAll("b, span:last-child");
  code.textContent = a.status;
  code.className = kind;
  reason.textContent = a.reason;

  const end = (a.way || []).at(-1);
  $("why").replaceChildren();
  if (end) {
    const id = document.createElement("b");
    id.textContent = end.id;
    $("why").append(id, end.label + " " + end.answer + (end.why ? ": " + end.why : ""));
  }
  $("log-part").hidden = a.log.length === 0;
  $("log").textContent = a.log.join("\n");
  $("response").replaceChildren(...a.response.flatMap((f) => [textIn("dt", f.name), textIn("dd", f.value)]));
  $("entity-note").hidden = !a.note;
  $("entity-note").textContent = a.note;
  $("entity").textContent = a.entity || (a.note ? "" : "No content.");
  $("curl").textContent = a.curl;
  $("program").textContent = a.program;

  const wanted = $("wanted").value;
  $("wanted").replaceChildren(...a.statuses.map((s) => {
    const option = textIn("option", s.code + " " + s.name);
    option.value = s.code;
    return option;
  }));
  $("wanted").value = a.statuses.some((s) => String(s.code) === wanted) ? wanted : a.statuses.some((s) => s.code === 412) ? "412" : a.statuses[0].code;

  for (const link of document.querySelectorAll("[data-preset]")) {
    const isHere = link.dataset.preset === a.link;
    if (isHere) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  mark();
  steps();
  draw();
}

// setText changes a text only where it is another one, so that it is not read out again.
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function textIn(name, text) {
  const node = document.createElement(name);
  node.textContent = text;
  return node;
}

// mark shows which settings are not the default.
function mark() {
  for (const group of document.querySelectorAll(".facts details")) {
    let changed = 0;
    for (const control of group.querySelectorAll("[data-setting]")) {
      const isChanged = valueOf(control) !== control.dataset.default;
      (control.matches("fieldset") ? control : control.parentElement).toggleAttribute("data-changed", isChanged);
      changed += isChanged;
    }
    const note = group.querySelector(".changed");
    note.hidden = changed === 0;
    note.textContent = changed === 1 ? "1 changed" : changed + " changed";
  }
}

// steps lists the decisions on the way.
function steps() {
  const withSettled = $("settled").checked;
  const items = [];
  const visits = last.way || [];
  visits.forEach((v, i) => {
    if (v.folded && !withSettled && i < visits.length - 1) return;
    const item = document.createElement("li");
    item.classList.toggle("folded", Boolean(v.folded));
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = -1;
    button.dataset.row = v.id;
    const id = textIn("span", v.id);
    id.className = "id";
    const said = textIn("span", String(v.answer));
    said.className = "said";
    button.append(said, id, v.label);
    const why = [v.why, v.folded && !v.why ? "settled" : ""].filter(Boolean).join(", ");
    if (why) {
      const reason = textIn("span", why);
      reason.className = "reason";
      button.append(reason);
    }
    item.append(button);
    items.push(item);
  });
  $("steps").replaceChildren(...items);
  const first = $("steps").querySelector("button");
  if (first) first.tabIndex = 0;
}

// draw draws the graph once the page has shown the answer.
let drawing = 0;
function draw() {
  cancelAnimationFrame(drawing);
  drawing = requestAnimationFrame(() => {
    const { svg, error } = JSON.parse(restmachine.draw(last.link, $("extent").value));
    if (svg) map.show(svg);
    else $("map").textContent = error;
  });
}

// say tells a screen reader.
function say(text) {
  $("said").textContent = "";
  setTimeout(() => { $("said").textContent = text; }, 50);
}

async function copy(text, button) {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch { // a page without TLS has no clipboard
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    button.focus();
    if (!copied) return say("The browser does not allow to copy.");
  }
  button.textContent = "Copied";
  say("Copied.");
  setTimeout(() => { button.textContent = label; }, 1500);
}

function find() {
  const f = JSON.parse(restmachine.find(linkOf(), Number($("wanted").value)));
  if (f.error) {
    $("found").textContent = f.error[0].toUpperCase() + f.error.slice(1) + ".";
    return;
  }
  const wanted = $("wanted").value;
  go(f.link);
  $("wanted").value = wanted;
  const list = document.createElement("ul");
  list.append(...f.how.map((how) => textIn("li", how)));
  $("found").replaceChildren("This request gets it" + (f.how.length ? ":" : "."), list);
}

$("form").addEventListener("submit", (event) => event.preventDefault());
$("form").addEventListener("input", (event) => {
  if (event.target.id !== "wanted" && !event.target.matches("[data-view]")) edited();
});
$("find").addEventListener("click", find);
$("add").addEventListener("click", () => addField("", "").querySelector(".name").focus());
$("fields").addEventListener("click", (event) => {
  if (!event.target.matches(".remove")) return;
  event.target.closest("li").remove();
  $("add").focus();
  edited();
});
$("reset").addEventListener("click", () => go(""));
$("again").addEventListener("click", load);
$("settled").addEventListener("change", () => last && steps());
$("extent").addEventListener("change", () => last && draw());
$("share").addEventListener("click", (event) => copy(location.href, event.currentTarget));
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", () => copy($(button.dataset.copy).textContent, button));
}
for (const button of document.querySelectorAll("[data-zoom]")) {
  button.addEventListener("click", () => map && map.zoom(button.dataset.zoom));
}
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault(); // the fragment is the state's
  $("main").focus();
});
$("bar").addEventListener("click", () => {
  $("answer").scrollIntoView();
  $("answer").focus({ preventScroll: true });
});
addEventListener("popstate", () => last && open(location.hash));
for (const link of document.querySelectorAll("[data-preset]")) {
  link.addEventListener("click", (event) => {
    if (!last || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(link.dataset.preset);
  });
}

// One step of the list is in the tab order; arrow keys go to the others.
$("steps").addEventListener("keydown", (event) => {
  const all = [...$("steps").querySelectorAll("button")];
  const i = all.indexOf(event.target);
  const to = { ArrowDown: i + 1, ArrowUp: i - 1, Home: 0, End: all.length - 1 }[event.key];
  if (i < 0 || !all[to]) return;
  event.preventDefault();
  event.target.tabIndex = -1;
  all[to].tabIndex = 0;
  all[to].focus();
});
for (const [event, on, look] of [["pointerover", true, false], ["pointerout", false, false], ["focusin", true, true], ["focusout", false, false]]) {
  $("steps").addEventListener(event, ({ target }) => {
    const button = target.closest("button");
    if (button && map) map.near(button.dataset.row, on, look);
  });
}

load();
