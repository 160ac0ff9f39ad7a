// The keys of the Debugger's pages: see the help in the frame. They can be switched off, since
// speech control types letters, too.
"use strict";

// entries are what j and k go through: exchanges, or decisions.
function entries() {
  return [...document.querySelectorAll("#exchanges a, .way a")];
}

function move(by) {
  const all = entries();
  const at = all.indexOf(document.activeElement);
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
  if (next) next.focus();
}

function click(selector) {
  const element = document.querySelector(selector);
  if (element) element.click();
}

function focusOn(selector) {
  const element = document.querySelector(selector);
  if (!element) return;
  element.focus();
  element.scrollIntoView({ block: "nearest" });
}

// choose ticks the exchange that has the focus.
function choose() {
  const row = document.activeElement.closest("#exchanges tr");
  if (row) row.querySelector("input").click();
}

const keys = {
  "j": () => move(1), "k": () => move(-1), "x": choose,
  "d": () => click("#compare button"), "c": () => click("[data-copy=curl]"),
  "n": () => click("a[rel=next]"), "p": () => click("a[rel=prev]"),
  "g": () => focusOn(".graph-paper"), "/": () => focusOn(".filters input"),
  "?": () => document.getElementById("help").showModal(),
};

// switched reads or sets whether the keys are used. A browser may refuse to remember it.
function switched(on) {
  try {
    if (on !== undefined) localStorage.setItem("debugger-keys", on ? "on" : "off");
    return localStorage.getItem("debugger-keys") !== "off";
  } catch {
    return on ?? true;
  }
}

const box = document.getElementById("keys-on");
box.checked = switched();
box.addEventListener("change", () => switched(box.checked));
const helpButton = document.getElementById("help-button");
helpButton.hidden = false;
helpButton.addEventListener("click", keys["?"]);

document.addEventListener("keydown", (event) => {
  const act = keys[event.key];
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select, dialog");
  if (!act || !box.checked || typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  act();
});
