// @ts-check
/** Light and dark: the system's choice, unless a person makes another. */

import { find, icon } from "./dom.js";

const KEY = "segue:theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

const current = () => document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light");

function show() {
  find("#theme").replaceChildren(icon(current() === "dark" ? "sun" : "moon"));
  dispatchEvent(new CustomEvent("segue:theme"));
}

export function startTheme() {
  const kept = localStorage.getItem(KEY);
  if (kept === "dark" || kept === "light") document.documentElement.dataset.theme = kept;
  dark.addEventListener("change", show);
  find("#theme").addEventListener("click", () => {
    const next = current() === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    localStorage.setItem(KEY, next);
    show();
  });
  show();
}
