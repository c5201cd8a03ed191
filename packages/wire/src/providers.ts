import { STATED_COSTS } from "./answer/provider-cost.ts";
import type { WireApi } from "./api.ts";
import { APIS, VENDOR_PATHS } from "./apis/index.ts";
import { streamUsageOf, type StreamUsage } from "./usage-option/needs-usage-option.ts";
import { VENDORS, type Vendor } from "./vendors.ts";

export type { AnswerFact, AnswerFields, ApiDescription, StreamPart } from "./api-description.ts";
export type { AnswerSource, StreamReader, WireApi } from "./api.ts";
export type { StreamUsage } from "./usage-option/needs-usage-option.ts";

/** A vendor, and what is particular to it. */
export interface DescribedVendor extends Vendor {
  /** How a streamed chat completion comes to say its usage. */
  readonly streamUsage: StreamUsage;
  /** Where an answer says what it cost. */
  readonly costField: string | undefined;
}

/** Every API that is read, each codec once; some read one API at two vendors. */
export const KNOWN_APIS: readonly WireApi[] = [
  ...new Set([...APIS, ...VENDOR_PATHS.map(({ api }) => api)]),
];

/** Every vendor that is known by its hosts. A name of an API may be a group: `mistral.*`. */
export const KNOWN_VENDORS: readonly DescribedVendor[] = VENDORS.map((vendor) => ({
  ...vendor,
  streamUsage: streamUsageOf(vendor.provider),
  costField: STATED_COSTS.get(vendor.provider)?.field,
}));
