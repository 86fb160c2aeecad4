// @ts-check
/** A file or text dropped anywhere on the page. A browser would go to a file that nobody takes, and lose the page. */

/** What the screen in front hears of; a screen that takes it prevents the default. */
export const DROPPED = "segue:dropped";
/** @typedef {{file: File | undefined, words: string}} Dropped */

/** Whether it may be a song link or a file; a person may still drag words about within a field. @param {DragEvent} event */
function isOurs(event) {
  const kinds = event.dataTransfer?.types ?? [];
  const field = event.target instanceof Element && event.target.closest("input, textarea:not(#paste)");
  return kinds.includes("Files") || (kinds.includes("text/plain") && !field);
}

/**
 * Listen for as long as the page lives.
 * @param {() => Element | null} front  the screen in front
 * @param {(dropped: Dropped) => void} otherwise  for what that screen does not take
 */
export function takeDrops(front, otherwise) {
  const mark = (/** @type {boolean} */ on) => document.documentElement.classList.toggle("dropping", on);
  for (const kind of ["dragenter", "dragover"]) {
    addEventListener(kind, (event) => { if (isOurs(/** @type {DragEvent} */ (event))) { event.preventDefault(); mark(true); } });
  }
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) mark(false); });
  addEventListener("drop", (event) => {
    mark(false);
    if (!isOurs(event)) return;
    event.preventDefault();
    if (document.querySelector("dialog[open]")) return; // a question is open: it comes first
    const detail = { file: event.dataTransfer?.files[0], words: event.dataTransfer?.getData("text") ?? "" };
    const taken = !(front()?.dispatchEvent(new CustomEvent(DROPPED, { detail, cancelable: true })) ?? true);
    if (!taken) otherwise(detail);
  });
}
