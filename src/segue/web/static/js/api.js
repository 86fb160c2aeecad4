// @ts-check
/** Asking the server; every failure is a Problem with words for a person. */

export class Problem extends Error {
  /** @param {any} body */
  constructor(body) {
    super(body.detail || body.title || "Something went wrong");
    this.title = /** @type {string} */ (body.title || "Something went wrong");
    this.hint = /** @type {string} */ (body.hint || "");
    this.status = /** @type {number} */ (body.status || 0);
    this.kind = String(body.type || "").split("#")[1] || "";
  }
}

/** @param {any} error */
export const isAbort = (error) => error?.name === "AbortError";

/**
 * @param {string} path
 * @param {RequestInit} [init]
 */
async function send(path, init) {
  let response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new Problem({ title: "segue does not answer", detail: "The server cannot be reached.", hint: "See whether `segue serve` is still running, then try again." });
  }
  if (response.ok) return response;
  const body = await response.json().catch(() => ({ title: response.statusText, status: response.status }));
  if (response.status === 401) dispatchEvent(new CustomEvent("segue:token-needed"));
  throw new Problem(body);
}

/** An answer that began and never came to its end. */
const brokenOff = () => new Problem({ title: "The answer broke off", detail: "The connection to the server ended before the answer was complete.", hint: "See whether `segue serve` is still running, then try again." });

/** Read an answer's body; the browser's own words for a lost connection say nothing to a person. @template T @param {Promise<T>} body @returns {Promise<T>} */
async function whole(body) {
  try {
    return await body;
  } catch (error) {
    throw isAbort(error) ? error : brokenOff();
  }
}

/**
 * @param {any} body
 * @param {AbortSignal} [signal]
 * @returns {RequestInit}
 */
const asJson = (body, signal) => ({ method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), signal });

/** @param {string} path @param {AbortSignal} [signal] */
export const get = async (path, signal) => whole((await send(path, { signal })).json());

/** @param {string} path @param {any} body @param {AbortSignal} [signal] */
export const post = async (path, body, signal) => whole((await send(path, asJson(body, signal))).json());

/** @param {string} path */
export const getBytes = async (path) => whole((await send(path)).arrayBuffer());

/** @param {string} path @param {any} body */
export const postForBlob = async (path, body) => whole((await send(path, asJson(body))).blob());

/** @param {string} path @param {FormData} form @param {AbortSignal} [signal] */
export const postForm = async (path, form, signal) => whole((await send(path, { method: "POST", body: form, signal })).json());

/**
 * Post, and hear of each server-sent event as it comes.
 * @param {string} path
 * @param {any} body
 * @param {(name: string, data: any) => boolean} onEvent  true for the last event: the stream may end now
 * @param {AbortSignal} signal
 */
export async function stream(path, body, onEvent, signal) {
  const response = await send(path, asJson(body, signal));
  const decoder = /** @type {ReadableWritablePair<string, Uint8Array>} */ (/** @type {unknown} */ (new TextDecoderStream()));
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).pipeThrough(decoder).getReader();
  let waiting = "";
  for (;;) {
    const { value, done } = await whole(reader.read());
    if (done) throw brokenOff();
    waiting += value;
    const blocks = waiting.split("\n\n");
    waiting = blocks.pop() ?? "";
    for (const block of blocks) {
      const name = /^event: (.*)$/m.exec(block)?.[1], data = /^data: (.*)$/m.exec(block)?.[1];
      if (name && data && onEvent(name, JSON.parse(data))) return reader.cancel().catch(() => {}); // whatever becomes of the connection now
    }
  }
}
