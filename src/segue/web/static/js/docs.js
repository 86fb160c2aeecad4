// @ts-check
/** The reference of the API, drawn from the OpenAPI file. */

import { get } from "./api.js";
import { find, h, prose } from "./dom.js";

/** @typedef {Record<string, any>} Json */
/** @type {Json} */
let spec = {};

/** @param {Json | undefined} schema @returns {Json} */
const resolve = (schema) => (schema?.$ref ? resolve(schema.$ref.slice(2).split("/").reduce((/** @type {any} */ at, /** @type {string} */ key) => at[key], spec)) : (schema ?? {}));

/** An example of a schema: the one it gives, else one made of its parts. @param {Json} given @param {number} [depth] @returns {any} */
function exampleOf(given, depth = 0) {
  const schema = resolve(given);
  if (schema.examples?.length) return schema.examples[0];
  if ("default" in schema) return schema.default;
  if ("const" in schema) return schema.const;
  if (schema.enum) return schema.enum[0];
  const choice = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choice) return exampleOf(choice.find((/** @type {Json} */ one) => one.type !== "null") ?? choice[0], depth);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === "array") return depth > 5 ? [] : [exampleOf(schema.items ?? {}, depth + 1)];
  if (type === "object" || schema.properties) {
    const own = Object.entries(schema.properties ?? {}).map(([name, part]) => [name, exampleOf(/** @type {Json} */ (part), depth + 1)]);
    return Object.fromEntries(own);
  }
  return { string: "", integer: schema.minimum ?? 0, number: schema.minimum ?? 0, boolean: true }[/** @type {string} */ (type)] ?? null;
}

/** @param {Json} given @returns {string} */
function typeOf(given) {
  const schema = resolve(given);
  if (schema.enum) return schema.enum.map((/** @type {any} */ value) => JSON.stringify(value)).join(" | ");
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(" | ");
  if (schema.type === "array") return `${typeOf(schema.items ?? {})}[]`;
  return [schema.type ?? "object"].flat().join(" | ");
}

/** What a value may be, and what it is when nothing is said. @param {Json} given @returns {string} */
function limitsOf(given) {
  const own = resolve(given), schema = { ...own, ...(own.anyOf ?? []).map(resolve).find((/** @type {Json} */ one) => one.type !== "null") };
  const show = (/** @type {number} */ value) => value.toLocaleString("en");
  const { minimum: low, maximum: high, maxItems, maxLength } = schema, fallback = given.default ?? own.default;
  return [
    low !== undefined && high !== undefined ? `${show(low)} to ${show(high)}` : low !== undefined ? `at least ${show(low)}` : high !== undefined ? `at most ${show(high)}` : "",
    maxItems ? `at most ${show(maxItems)} entries` : maxLength ? `at most ${show(maxLength)} characters` : "",
    ["string", "number", "boolean"].includes(typeof fallback) && fallback !== "" ? `default ${fallback}` : "",
  ].filter(Boolean).join("; ");
}

/** @param {Json} part @param {string} about */
const whatOf = (part, about) => [about, limitsOf(part)].filter(Boolean).map((text) => text.replace(/[^.]$/, "$&.").replace(/^[a-z]/, (first) => first.toUpperCase())).join(" ");

/** @param {any} value */
const code = (value) => h("pre", { tabindex: 0 }, h("code", {}, typeof value === "string" ? value : JSON.stringify(value, null, 2)));

/** @param {[string, ...(string | Node)[]][]} rows @param {string[]} head */
const table = (rows, head) => h("table", {}, h("thead", {}, h("tr", {}, head.map((text) => h("th", { scope: "col" }, text)))), h("tbody", {}, rows.map(([first, ...rest]) => h("tr", {}, h("td", {}, h("code", {}, first)), rest.map((cell) => h("td", {}, typeof cell === "string" ? prose(cell) : cell))))));

/** @param {Json} given */
function fields(given) {
  const schema = resolve(given), needed = new Set(schema.required ?? []);
  if (schema.type === "array") return [/** @type {[string, string, string]} */ (["[ ]", typeOf(schema), whatOf(schema, schema.items?.description ?? "")])];
  return Object.entries(schema.properties ?? {}).map(([name, part]) => /** @type {[string, string, string]} */ ([`${name}${needed.has(name) ? " *" : ""}`, typeOf(part), whatOf(part, part.description ?? resolve(part).description ?? "")]));
}

/** @param {string} verb @param {string} path @param {Json} operation */
function curl(verb, path, operation) {
  const body = operation.requestBody?.content?.["application/json"]?.schema;
  const named = (operation.parameters ?? []).filter((/** @type {Json} */ one) => one.required || one.schema?.examples);
  const value = (/** @type {Json} */ one) => encodeURIComponent(String(exampleOf(one.schema ?? {}))).replaceAll("%2C", ",").replaceAll("%20", "+");
  const query = named.filter((/** @type {Json} */ one) => one.in === "query").map((/** @type {Json} */ one) => `${one.name}=${value(one)}`).join("&");
  const filled = named.filter((/** @type {Json} */ one) => one.in === "path").reduce((/** @type {string} */ at, /** @type {Json} */ one) => at.replace(`{${one.name}}`, value(one)), path);
  const address = `${location.origin}${filled}${query ? `?${query}` : ""}`;
  if (operation.requestBody?.content?.["multipart/form-data"]) return `curl ${address} -F file=@playlist.csv`;
  return body ? `curl ${address} \\\n  -H 'content-type: application/json' \\\n  -d '${JSON.stringify(exampleOf(body)).replaceAll("'", "'\\''")}'` : `curl ${verb === "post" ? "-X POST " : ""}'${address}'`;
}

/** @param {string} verb @param {string} path */
const idOf = (verb, path) => `${verb}${path.replace(/[^\w]+/g, "-")}`;

/** A path that breaks before a slash, not within a word. @param {string} path */
const breakable = (path) => path.split(/(?<=.)(?=\/)/).flatMap((part) => [part, h("wbr")]);

/** @param {string} verb @param {string} path @param {Json} operation */
function endpoint(verb, path, operation) {
  const parameters = (operation.parameters ?? []).map((/** @type {Json} */ one) => /** @type {[string, string, string]} */ ([`${one.name}${one.required ? " *" : ""}`, typeOf(one.schema ?? {}), whatOf(one.schema ?? {}, one.description ?? one.schema?.description ?? "")]));
  const body = operation.requestBody?.content?.["application/json"]?.schema;
  const answer = Object.values(operation.responses["200"]?.content ?? {})[0]?.schema;
  const failures = Object.entries(operation.responses).filter(([status]) => Number(status) >= 400).map(([status, { description }]) => /** @type {[string, string]} */ ([status, description]));
  const object = answer && (resolve(answer).properties || answer.type === "array");
  return h("section", { class: "card endpoint", id: idOf(verb, path) },
    h("h3", {}, h("span", { class: `verb ${verb}` }, verb.toUpperCase()), h("code", {}, path), h("span", {}, operation.summary)),
    h("p", {}, prose(operation.description)),
    parameters.length > 0 && h("details", { open: parameters.length < 12 }, h("summary", {}, "Parameters"), table(parameters, ["Name", "Type", "What"])),
    body && [h("h4", {}, "Body"), table(fields(body), ["Field", "Type", "What"])],
    h("h4", {}, "Try it"), code(curl(verb, path, operation)),
    object && h("details", {}, h("summary", {}, "Answer"), code(exampleOf(answer))),
    h("details", {}, h("summary", {}, "When it fails"), table(failures, ["Status", "Why"])));
}

async function start() {
  const main = find("#reference"), contents = find("#contents");
  spec = await get("/api/openapi.json");
  /** @type {Map<string, [string, string, Json][]>} */
  const groups = new Map();
  for (const [path, verbs] of Object.entries(spec.paths)) for (const [verb, operation] of Object.entries(/** @type {Json} */ (verbs))) {
    const tag = operation.tags?.[0] ?? "Other";
    groups.set(tag, [...(groups.get(tag) ?? []), [verb, path, operation]]);
  }
  main.append(h("h1", {}, "The API"), h("p", { class: "about" }, prose(spec.info.description)));
  for (const [tag, operations] of groups) {
    contents.append(h("h2", {}, tag), ...operations.map(([verb, path]) => h("a", { href: `#${idOf(verb, path)}` }, h("span", { class: `verb ${verb}` }, verb.toUpperCase()), h("span", {}, breakable(path)))));
    main.append(h("h2", {}, tag), ...operations.map((one) => endpoint(...one)));
  }
  const schemas = ["ControlsIn"].map((name) => [h("h2", {}, "Controls"), h("div", { class: "card endpoint", id: "controls" }, table(fields(spec.components.schemas[name]), ["Field", "Type", "What"]))]);
  const problems = h("div", { class: "card endpoint" }, h("table", {}, h("thead", {}, h("tr", {}, ["Kind", "Status", "Meaning"].map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, spec["x-problems"].map((/** @type {Json} */ one) => h("tr", { id: one.kind }, h("td", {}, h("code", {}, one.kind)), h("td", {}, String(one.status)), h("td", {}, prose(one.about)))))));
  main.append(...schemas.flat(), h("h2", {}, "Kinds of problems"), problems);
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

start().catch((error) => find("#reference").append(h("p", { class: "notice bad", role: "alert" }, `The reference cannot be shown: ${error.message}`)));
