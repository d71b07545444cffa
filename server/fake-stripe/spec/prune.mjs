// Makes description.json out of Stripe's OpenAPI description (https://github.com/stripe/openapi, MIT licence):
//   node prune.mjs path/to/spec3.json > description.json
// Keeps the operations listed in operations.json with their parameters and answers, and of the schemas what those
// reach. Prose is dropped. An expandable field keeps the object's schema only if that object is served here.
import { readFileSync } from "node:fs";

const here = new URL(".", import.meta.url);
const full = JSON.parse(readFileSync(process.argv[2], "utf8"));
const operations = JSON.parse(readFileSync(new URL("operations.json", here), "utf8"));
const served = new Set([
  "account", "account_link", "balance", "billing_portal.configuration", "billing_portal.session", "charge", "checkout.session",
  "customer", "deleted_account", "deleted_customer", "deleted_invoice", "deleted_product", "deleted_subscription_item", "deleted_test_helpers.test_clock",
  "deleted_webhook_endpoint",
  "dispute", "event", "invoice", "invoice_payment", "item", "line_item", "login_link", "plan", "payment_intent", "payment_method", "price", "product",
  "refund", "setup_intent", "subscription", "subscription_item", "subscription_schedule", "test_helpers.test_clock", "webhook_endpoint",
]);
const kept = {};
const dropped = new Set(["description", "title", "example", "x-stripeBypassValidation", "x-stripeOperations", "x-expansionResources", "x-stripeMostCommon", "x-stripeEvent"]);

/** Whether a schema is one of Stripe's own objects (with an id), rather than a part of one. */
const isResource = (schema) => {
  const object = schema?.properties?.object;
  return Boolean(schema?.properties?.id && object?.enum) || Boolean(schema?.["x-resourceId"]);
};

function prune(node, isMap) {
  if (Array.isArray(node)) {
    return node.map((child) => prune(child, false)).filter((child) => child !== undefined);
  }
  if (node === null || typeof node !== "object") return node;
  if (!isMap && typeof node.$ref === "string") return reference(node.$ref);
  if (!isMap && Array.isArray(node.anyOf)) {
    const anyOf = prune(node.anyOf, false);
    if (anyOf.length === 0) return node.nullable ? { nullable: true, enum: [null] } : undefined;
    return { anyOf, ...(node.nullable ? { nullable: true } : {}) };
  }
  const out = {};
  for (const [key, child] of Object.entries(node)) {
    if (!isMap && dropped.has(key)) continue;
    const pruned = prune(child, !isMap && key === "properties");
    if (pruned !== undefined) out[key] = pruned;
  }
  if (!isMap && out.type === "array" && node.items && out.items === undefined) out.maxItems = 0;
  return out;
}

function reference(ref) {
  const name = ref.split("/").pop();
  const schema = full.components.schemas[name];
  if (isResource(schema) && !served.has(name)) return undefined;
  if (!(name in kept)) {
    kept[name] = null;
    kept[name] = prune(schema, false);
  }
  return { $ref: ref };
}

const paths = {};
for (const operation of operations) {
  const [method, path] = operation.split(" ");
  const found = full.paths[path]?.[method.toLowerCase()];
  if (!found) throw new Error(`the description has no ${operation}`);
  const form = found.requestBody?.content?.["application/x-www-form-urlencoded"]?.schema
    ?? found.requestBody?.content?.["multipart/form-data"]?.schema;
  paths[path] ??= {};
  paths[path][method.toLowerCase()] = {
    query: prune(Object.fromEntries((found.parameters ?? []).filter((p) => p.in === "query")
      .map((p) => [p.name, { ...p.schema, ...(p.required ? { required_parameter: true } : {}) }])), true),
    form: form ? prune(form, false) : null,
    answer: prune(found.responses["200"].content["application/json"].schema, false),
  };
}
for (const name of served) if (full.components.schemas[name]) reference(`#/components/schemas/${name}`);
const schemas = Object.fromEntries(Object.entries(kept).sort(([a], [b]) => (a < b ? -1 : 1)));
process.stdout.write(JSON.stringify({
  source: "https://github.com/stripe/openapi (spec3.json), pruned by prune.mjs",
  licence: "MIT, Copyright (c) Stripe",
  version: full.info.version,
  paths,
  components: { schemas },
}, null, 0).replaceAll('"/v1/', '\n"/v1/').replaceAll(/("[a-z_.]+":\{"(properties|type|anyOf|required)":)/g, "$1") + "\n");
