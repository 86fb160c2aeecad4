// @ts-check
/** A few lines instead of a framework: text always goes in as text, so nothing out of a playlist runs. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {Element} element
 * @param {Record<string, any>} props
 */
function apply(element, props) {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.setAttribute("class", value);
    else if (name === "value" || name === "checked") /** @type {any} */ (element)[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

/**
 * Make an element.
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...(Node | string | number | null | undefined | false | (Node | string | null | false)[])} children
 * @returns {any}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  apply(element, props);
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

/**
 * Make an SVG element.
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...(Element | null)} children
 * @returns {SVGElement}
 */
export function svg(tag, props = {}, ...children) {
  const element = /** @type {SVGElement} */ (document.createElementNS(SVG, tag));
  apply(element, props);
  for (const child of children) if (child) element.append(child);
  return element;
}

/** A text with its `code` as code. @param {string} text @returns {(Node | string)[]} */
export const prose = (text) => text.split("`").map((part, i) => (i % 2 ? h("code", {}, part) : part));

/** @param {string} name */
export function icon(name) {
  const element = svg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" });
  element.append(svg("use", { href: `#i-${name}` }));
  return element;
}

/**
 * A round button with a picture; its label is what a screen reader says and a mouse shows.
 * @param {string} picture
 * @param {string} label
 * @param {(event: Event) => void} onclick
 * @param {Record<string, any>} [props]
 * @returns {HTMLButtonElement}
 */
export function iconButton(picture, label, onclick, props = {}) {
  const { class: more = "", ...rest } = props;
  return h("button", { type: "button", class: `icon-button ${more}`, "aria-label": label, title: label, onclick, ...rest }, icon(picture));
}

/**
 * @template {Element} [T=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {T}
 */
export function find(selector, root = document) {
  const found = root.querySelector(selector);
  if (!found) throw new Error(`nothing matches ${selector}`);
  return /** @type {T} */ (/** @type {unknown} */ (found));
}

/** Say something to a screen reader. @param {string} text */
export function announce(text) {
  const status = find("#status");
  status.textContent = status.textContent === text ? `${text} ` : text;
}

/**
 * Show a short message for a while; returns what takes it away before.
 * @param {string} text
 * @param {{label: string, run: () => void}} [action]
 * @returns {() => void}
 */
export function toast(text, action) {
  const place = find("#toasts");
  const box = h("div", { class: "toast" }, h("span", {}, text));
  const close = () => box.remove();
  if (action) box.append(h("button", { type: "button", onclick: () => { close(); action.run(); } }, action.label));
  place.replaceChildren(box);
  announce(text);
  setTimeout(close, action ? 7000 : 4000);
  return close;
}

/**
 * Open a menu beside a button; closes on a choice, Escape, or a click elsewhere.
 * @param {HTMLElement} button
 * @param {(Node | null | false)[]} items
 * @param {HTMLElement} [back]  what gets the focus afterwards, where that is not the button
 */
export function openMenu(button, items, back = button) {
  const expanded = (/** @type {string} */ now) => { if (button.hasAttribute("aria-haspopup")) button.setAttribute("aria-expanded", now); };
  const menu = h("div", { class: "menu", popover: "auto", role: "menu" }, items.filter(Boolean));
  for (const item of menu.querySelectorAll("button, a")) {
    item.setAttribute("role", "menuitem");
    item.addEventListener("click", () => menu.hidePopover());
  }
  menu.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const all = /** @type {HTMLElement[]} */ ([...menu.querySelectorAll("button, a")]);
    const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); all[(at + step + all.length) % all.length].focus(); }
  });
  menu.addEventListener("toggle", (/** @type {any} */ event) => {
    if (event.newState === "closed") { menu.remove(); expanded("false"); back.focus({ preventScroll: true }); }
  });
  find("#main").append(menu);
  menu.showPopover();
  expanded("true");
  const box = button.getBoundingClientRect(), size = menu.getBoundingClientRect();
  const below = box.bottom + 6 + size.height < innerHeight;
  menu.style.left = `${Math.max(8, Math.min(box.right - size.width, innerWidth - size.width - 8))}px`;
  menu.style.top = `${below ? box.bottom + 6 : Math.max(8, box.top - size.height - 6)}px`;
  menu.querySelector("button, a")?.focus();
}
