import { dirname, resolve } from "node:path";
import { createPricer, findPriceWarnings, type Catalogue } from "@tollgate/pricing";
import { readCatalogue } from "@tollgate/pricing/refresh";
import { readText } from "./file/read-text.ts";
import type { PricingConfig, PricingDocument } from "./pricing-config.ts";
import type { DescribedIssue } from "./problem/describe-issues.ts";

export interface OpenedPricing {
  readonly pricing: PricingConfig;
  readonly issues: readonly DescribedIssue[];
  /** Prices that may be meant, but are more likely a slip. */
  readonly warnings: readonly DescribedIssue[];
}

/**
 * Reads the catalogue that a configuration names, and doubts its prices.
 *
 * @param path - of the configuration, from whose folder relative paths start; the working directory's otherwise.
 */
export function openPricing(document: PricingDocument, path: string | undefined): OpenedPricing {
  const { overrides, deployments, onUnpriced } = document;
  const issues: DescribedIssue[] = [];
  const pricing: PricingConfig = {
    overrides,
    deployments,
    onUnpriced: typeof onUnpriced === "string" ? onUnpriced : "count",
    fallback: typeof onUnpriced === "string" ? undefined : onUnpriced.price,
    catalogue:
      document.catalogue === undefined ? undefined : openFile(document.catalogue, path, issues),
  };
  return { pricing, issues, warnings: findWarnings(pricing) };
}

const MAX_SHOWN = 3;

function openFile(
  written: string,
  path: string | undefined,
  issues: DescribedIssue[],
): Catalogue | undefined {
  const complain = (message: string): undefined =>
    void issues.push({ path: ["pricing", "catalogue"], message: `${written} ${message}` });
  const file = resolve(path === undefined ? "." : dirname(path), written);
  const read = readText({ path: file, shown: written, explicit: false });
  if (!("text" in read)) return complain(read.problem.message);
  const { catalogue, problems = [] } = { catalogue: undefined, ...readCatalogue(read.text) };
  const [more, ...shown] = [problems.length - MAX_SHOWN, ...problems.slice(0, MAX_SHOWN)];
  if (shown.length > 0) complain(`${shown.join("; ")}${more > 0 ? `; and ${more} more` : ""}`);
  return catalogue;
}

/** A fallback is the price of none in particular. */
const NO_MODEL = { provider: "-", model: "-" };

/** Needs the price data: only overrides are worth that. */
function findWarnings(pricing: PricingConfig): readonly DescribedIssue[] {
  const { overrides, fallback } = pricing;
  if (overrides.length === 0 && fallback === undefined) return [];
  const { catalogue, deployments } = pricing;
  const book = createPricer({ catalogue, deployments });
  const ofFallback = fallback && findPriceWarnings([{ ...NO_MODEL, ...fallback }], book);
  return [
    ...findPriceWarnings(overrides, book).map(({ path, message }) => ({
      path: ["pricing", "overrides", ...path],
      message,
    })),
    ...(ofFallback ?? []).map(({ path: [, ...path], message }) => ({
      path: ["pricing", "onUnpriced", "price", ...path],
      message,
    })),
  ];
}
