import { ATTRIBUTION_KEYS, CONTENT_MODES, type ContentMode } from "@tollgate/core";
import { guardSchema, policySchema } from "@tollgate/budget";
import type { MetricLabel } from "@tollgate/metering";
import { priceMistake, type PriceKey, type PriceOverride, type UsdPrice } from "@tollgate/pricing";
import { API_IDS } from "@tollgate/wire";
import * as z from "zod";
import type { ConfigFile, ConfigFileInput } from "./config-file.ts";
import { alertsSchema } from "./alerts-schema.ts";
import { MAX_NAME_LENGTH, NAME_HINT } from "./name.ts";

/** A value that calls are charged to. Blanks around it do not count. */
const nameSchema: z.ZodType<string, string> = z
  .string({ error: NAME_HINT })
  .trim()
  .min(1, NAME_HINT)
  .max(MAX_NAME_LENGTH, NAME_HINT);

const METRIC_LABELS: readonly MetricLabel[] = ["organization", "project", "agent"];
const LABELS_HINT = `write a list of ${METRIC_LABELS.join(", ")}`;
const LABEL_HINT = `write one of ${METRIC_LABELS.join(", ")}`;
/** Below the 2,000 series at which an OpenTelemetry SDK starts to lose sums. */
const MAX_SERIES = 1_900;
const SERIES_HINT = `write a whole number from 1 to ${MAX_SERIES}`;
const PORT_HINT = "write a port from 0 to 65535; 0 takes any free one";

const lockedSchema = z.strictObject(
  Object.fromEntries(ATTRIBUTION_KEYS.map((key) => [key, nameSchema.optional()])),
);

const metricsSchema = z.strictObject({
  labels: z
    .array(z.enum(METRIC_LABELS, { error: LABEL_HINT }), { error: LABELS_HINT })
    .transform((labels) => [...new Set(labels)])
    .optional(),
  maxSeries: z
    .int({ error: SERIES_HINT })
    .min(1, SERIES_HINT)
    .max(MAX_SERIES, SERIES_HINT)
    .optional(),
  prometheus: z
    .strictObject({
      host: nameSchema.optional(),
      port: z.int({ error: PORT_HINT }).min(0, PORT_HINT).max(65_535, PORT_HINT).optional(),
    })
    .optional(),
});

const HOST_HINT =
  'write a host name, with a port if only that is meant, or everything below a domain: "llm.internal", "localhost:8000", "*.llm.internal"';
const endpointSchema = z.strictObject({
  host: z
    .string({ error: HOST_HINT })
    .regex(/^(\*\.)?[a-z0-9_][a-z0-9_.-]*(:\d{1,5})?$/i, HOST_HINT),
  provider: nameSchema,
  api: z.enum(API_IDS, { error: `write one of ${API_IDS.join(", ")}` }).optional(),
});

function price(key: PriceKey): z.ZodType<UsdPrice, UsdPrice> {
  return z.custom<UsdPrice>().superRefine((written, context) => {
    const message = priceMistake(key, written);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });
}

const priceOverrideSchema: z.ZodType<PriceOverride, PriceOverride> = z.strictObject({
  provider: z.string().min(1, "name the provider, such as openai"),
  model: z.string().min(1, "name the model, or use * for all of this provider's"),
  inputPerMtok: price("inputPerMtok"),
  outputPerMtok: price("outputPerMtok"),
  cacheReadPerMtok: price("cacheReadPerMtok").optional(),
  cacheWritePerMtok: price("cacheWritePerMtok").optional(),
  cacheWrite1hPerMtok: price("cacheWrite1hPerMtok").optional(),
  perRequest: price("perRequest").optional(),
});

const CONTENT_HINT = `write true, false, or one of ${CONTENT_MODES.join(", ")}`;
const contentSchema = z
  .union([z.boolean(), z.enum(CONTENT_MODES)], { error: CONTENT_HINT })
  .transform((said): ContentMode => {
    if (typeof said !== "boolean") return said;
    return said ? "SPAN_ONLY" : "NO_CONTENT";
  });

const STORE_HINT = "write where budgets are kept, such as { sqlite: ./budget.db }";
const PATH_HINT = "write the path of a file, such as ./budget.db";
const storeSchema = z.strictObject(
  { sqlite: z.string({ error: PATH_HINT }).min(1, PATH_HINT).refine(isPath, PATH_HINT) },
  { error: (issue) => (issue.code === "invalid_type" ? STORE_HINT : undefined) },
);

function isPath(text: string): boolean {
  return text.trim() === text && text !== ":memory:" && !text.startsWith("file:");
}

/** What `tollgate.yaml` holds. Unknown keys fail: a misspelt limit must never mean "no limit". */
export const configFileSchema: z.ZodType<ConfigFile, ConfigFileInput> = z.strictObject(
  {
    organization: nameSchema.optional(),
    project: nameSchema.optional(),
    task: nameSchema.optional(),
    agent: nameSchema.optional(),
    attribution: z
      .strictObject({ locked: lockedSchema.optional(), trustBaggage: z.boolean().default(false) })
      .default({ trustBaggage: false }),
    endpoints: z
      .array(endpointSchema, { error: "write a list of endpoints, or leave the key out" })
      .default([]),
    budgets: z
      .array(policySchema, { error: "write a list of budgets, or leave the key out" })
      .default([]),
    store: storeSchema.optional(),
    guards: z
      .array(guardSchema, { error: "write a list of guards, or leave the key out" })
      .default([]),
    alerts: alertsSchema.default({ webhooks: [] }),
    pricing: z
      .strictObject({ overrides: z.array(priceOverrideSchema).default([]) })
      .default({ overrides: [] }),
    metrics: metricsSchema.default({}),
    spans: z.boolean().default(true),
    captureContent: contentSchema.default("NO_CONTENT"),
  },
  {
    error: (issue) =>
      issue.code === "invalid_type" ? "write keys and values, such as project: atlas" : undefined,
  },
);
