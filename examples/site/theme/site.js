// The menu of small screens, and the search. The page works without both.
"use strict";

const menu = document.getElementById("menu");
const pages = document.getElementById("pages");
menu.addEventListener("click", () => {
  const open = pages.classList.toggle("open");
  menu.setAttribute("aria-expanded", String(open));
});
pages.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });

const home = document.body.dataset.home;
const input = document.getElementById("search");
const list = document.getElementById("found");
const count = document.getElementById("count");
let parts; // a promise of what there is to find

input.addEventListener("focus", load);
input.addEventListener("input", search);
input.addEventListener("keydown", (event) => {
  if (event.key === "Enter") list.querySelector("a")?.click();
  if (event.key === "ArrowDown") { list.querySelector("a")?.focus(); event.preventDefault(); }
  if (event.key === "Escape") close();
});
list.addEventListener("keydown", (event) => {
  const all = [...list.querySelectorAll("a")];
  const at = all.indexOf(document.activeElement);
  if (event.key === "ArrowDown") { all[Math.min(at + 1, all.length - 1)].focus(); event.preventDefault(); }
  if (event.key === "ArrowUp") { (at > 0 ? all[at - 1] : input).focus(); event.preventDefault(); }
  if (event.key === "Escape") { close(); input.focus(); }
});
// The slash goes to the search once the key is up, so that the field does not get the slash itself.
const slash = (event) => event.key === "/" && !/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
document.addEventListener("keydown", (event) => { if (slash(event)) event.preventDefault(); });
document.addEventListener("keyup", (event) => { if (slash(event)) input.focus(); });
document.addEventListener("click", (event) => {
  if (!event.target.closest(".search")) close();
});

function load() {
  parts ??= fetch(home + "search.json").then((r) => r.ok ? r.json() : Promise.reject(new Error(r.statusText)))
    .then((all) => all.map((part) => ({ ...part, low: (part.p + " " + part.h + " " + part.t).toLowerCase() })));
  return parts;
}

function close() {
  list.hidden = true;
  count.textContent = "";
}

async function search() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return close();
  let all;
  try {
    all = await load();
  } catch {
    parts = undefined;
    list.replaceChildren(item("", "The search cannot be loaded.", ""));
    list.hidden = false;
    return;
  }
  const found = all.filter((part) => words.every((word) => part.low.includes(word)))
    .map((part) => ({ part, score: score(part, words) })).sort((a, b) => b.score - a.score).slice(0, 12);
  list.replaceChildren(...found.map(({ part }) => item(part.a, part.h === part.p ? part.p : part.p + ": " + part.h, around(part.t, words), words)));
  if (found.length === 0) list.replaceChildren(item("", "Nothing has all these words.", ""));
  list.hidden = false;
  count.textContent = found.length + " found";
}

// A word in a heading counts more than one in the text.
function score(part, words) {
  let sum = 0;
  for (const word of words) {
    if (part.h.toLowerCase().includes(word)) sum += 10;
    if (part.p.toLowerCase().includes(word)) sum += 5;
    sum += Math.min(3, part.low.split(word).length - 1);
  }
  return sum;
}

// The words around the first one that was searched.
function around(text, words) {
  const at = Math.max(0, text.toLowerCase().indexOf(words[0]) - 50);
  return (at > 0 ? "… " : "") + text.slice(at, at + 150);
}

function item(address, title, text, words = []) {
  const li = document.createElement("li");
  const box = document.createElement(address === "" ? "span" : "a");
  if (address !== "" ) box.href = home + address;
  box.append(title);
  const small = document.createElement("small");
  small.append(...marked(text, words));
  box.append(small);
  li.append(box);
  return li;
}

function marked(text, words) {
  const out = [];
  while (text !== "") {
    const low = text.toLowerCase();
    let at = -1, length = 0;
    for (const word of words) {
      const i = low.indexOf(word);
      if (i >= 0 && (at < 0 || i < at)) { at = i; length = word.length; }
    }
    if (at < 0) { out.push(text); break; }
    const mark = document.createElement("mark");
    mark.textContent = text.slice(at, at + length);
    out.push(text.slice(0, at), mark);
    text = text.slice(at + length);
  }
  return out;
}
