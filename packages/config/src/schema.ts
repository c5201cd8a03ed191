import { ATTRIBUTION_KEYS, CONTENT_MODES, type ContentMode } from "@tollgate/core";
import { guardSchema, policySchema } from "@tollgate/budget";
import type { MetricLabel } from "@tollgate/metering";
import { API_IDS } from "@tollgate/wire";
import * as z from "zod";
import type { AggregatesConfig, ConfigDocument, ConfigFileInput } from "./config-file.ts";
import { alertsSchema } from "./alerts-schema.ts";
import { MAX_NAME_LENGTH, NAME_HINT } from "./name.ts";
import { pricingSchema } from "./pricing-schema.ts";
import { collectorSchema } from "./collector-schema.ts";
import { ledgerSchema } from "./ledger-schema.ts";
import { storeSchema } from "./store-schema.ts";

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
const SECONDS_HINT = "write a number of seconds above 0, at most 86400";
const URL_HINT = "write the address of a Prometheus, such as http://prometheus:9090";
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const PROCESS_LABEL_HINT = "write the name of a Prometheus label, such as instance";
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

const seconds = z
  .number({ error: SECONDS_HINT })
  .positive(SECONDS_HINT)
  .max(86_400, SECONDS_HINT)
  .optional();

const aggregatesSchema: z.ZodType<AggregatesConfig, AggregatesConfig> = z
  .strictObject({
    prometheus: z
      .strictObject({
        url: z.url({ protocol: /^https?$/, error: URL_HINT }),
        headers: z.record(z.string(), z.string()).optional(),
        refreshSeconds: seconds,
        maxAgeSeconds: seconds,
        timeoutSeconds: seconds,
        processLabels: z
          .array(z.string({ error: PROCESS_LABEL_HINT }).regex(LABEL_NAME, PROCESS_LABEL_HINT), {
            error: "write a list of labels, such as [job, instance]",
          })
          .min(1, "name at least one label, such as [job, instance]")
          .optional(),
        dialect: z.enum(["promql", "metricsql"]).optional(),
      })
      .optional(),
    sdk: z.literal(true).optional(),
  })
  .refine(
    ({ prometheus, sdk }) => (prometheus === undefined) !== (sdk === undefined),
    "write either prometheus: { url: http://prometheus:9090 } or sdk: true",
  );

const HOST_HINT =
  'write a host name, with a port if only that is meant, or everything below a domain: "llm.internal", "localhost:8000", "*.llm.internal"';
const endpointSchema = z.strictObject({
  host: z
    .string({ error: HOST_HINT })
    .regex(/^(\*\.)?[a-z0-9_][a-z0-9_.-]*(:\d{1,5})?$/i, HOST_HINT),
  provider: nameSchema,
  api: z.enum(API_IDS, { error: `write one of ${API_IDS.join(", ")}` }).optional(),
});

const CONTENT_HINT = `write true, false, or one of ${CONTENT_MODES.join(", ")}`;
const contentSchema = z
  .union([z.boolean(), z.enum(CONTENT_MODES)], { error: CONTENT_HINT })
  .transform((said): ContentMode => {
    if (typeof said !== "boolean") return said;
    return said ? "SPAN_ONLY" : "NO_CONTENT";
  });

/** What `tollgate.yaml` holds. Unknown keys fail: a misspelt limit must never mean "no limit". */
export const configFileSchema: z.ZodType<ConfigDocument, ConfigFileInput> = z.strictObject(
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
    aggregates: aggregatesSchema.optional(),
    store: storeSchema.optional(),
    ledger: ledgerSchema.optional(),
    collector: collectorSchema.prefault({}),
    guards: z
      .array(guardSchema, { error: "write a list of guards, or leave the key out" })
      .default([]),
    alerts: alertsSchema.default({ webhooks: [] }),
    pricing: pricingSchema.prefault({}),
    metrics: metricsSchema.default({}),
    spans: z.boolean().default(true),
    captureContent: contentSchema.default("NO_CONTENT"),
  },
  {
    error: (issue) =>
      issue.code === "invalid_type" ? "write keys and values, such as project: atlas" : undefined,
  },
);
