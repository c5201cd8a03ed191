import { mergeAttribution, type Attribution } from "@tollgate/core";
import { BAGGAGE_PREFIX } from "@tollgate/core/semconv";
import type { Attributes, AttributeValue, Origin } from "../otlp/records.ts";
import { DEFAULT_RULES } from "./default-rules.ts";
import { compilePattern, matchesGlob } from "@tollgate/config";
import type {
  AttributionConfig,
  AttributionRule,
  CopyRule,
  RuleConditions,
  SetRule,
} from "@tollgate/config";
import { chargeableName, plainText, tollgateAttribution } from "./tollgate-attributes.ts";

/** What a span, a log or a point is told apart by. */
export interface Attributed {
  readonly attributes: Attributes;
  readonly origin: Pick<Origin, "resource" | "scope">;
}

export interface Attributor {
  /**
   * Who pays for what a record tells of. Precedence, highest first: `locked`; `tollgate.*` attributes, the record's before
   * its resource's; rules; the dialect; built-in rules.
   *
   * @param said - what the dialect has read.
   * @param locked - what the sender's token fixes, such as its organization: no attribute changes it.
   */
  attribute(record: Attributed, said: Attribution | undefined, locked?: Attribution): Attribution;
  /** Whether a rule looks at an attribute of this name, so that a decoder keeps it. */
  reads(name: string): boolean;
}

/** SDKs make up such names where nobody gave one (general conventions, `service.name`). */
const UNNAMED_SERVICE = "unknown_service";

type Lookup = (name: string) => AttributeValue | undefined;
/** What a rule says of a record, by target. */
type Apply = (lookup: Lookup) => readonly (readonly [target: string, value: string])[];

/** @throws Error when a pattern cannot be compiled, which the schema of the configuration has refused before. */
export function createAttributor({ rules, defaults }: AttributionConfig): Attributor {
  const own = rules.map(compileRule);
  const builtIn = defaults ? DEFAULT_RULES.map(compileRule) : [];
  /** All records of a block have one resource. */
  const resources = new WeakMap<Attributes, Attribution>();
  const ofResource = (resource: Attributes): Attribution => {
    let said = resources.get(resource);
    if (said === undefined) {
      said = tollgateAttribution(resource);
      resources.set(resource, said);
    }
    return said;
  };
  const names = new Set([...rules, ...(defaults ? DEFAULT_RULES : [])].flatMap(namesIn));
  return {
    attribute({ attributes, origin }, said, locked) {
      const lookup: Lookup = (name) =>
        attributes[name] ?? origin.scope[name] ?? origin.resource[name];
      return mergeAttribution(
        applyAll(builtIn, lookup),
        said,
        applyAll(own, lookup),
        ofResource(origin.resource),
        tollgateAttribution(attributes),
        locked,
      );
    },
    reads: (name) => names.has(name) || name.startsWith(BAGGAGE_PREFIX),
  };
}

function namesIn(rule: AttributionRule): readonly string[] {
  const conditions = Object.keys(rule.when ?? {});
  return "from" in rule ? [rule.from, ...conditions] : conditions;
}

/** Of each target the first rule that says something counts. */
function applyAll(rules: readonly Apply[], lookup: Lookup): Attribution {
  const said = new Map<string, string>();
  for (const rule of rules) {
    for (const [target, value] of rule(lookup)) {
      if (!said.has(target)) said.set(target, value);
    }
  }
  const attribution: Record<string, string> = {};
  const tags: Record<string, string> = {};
  for (const [target, value] of said) {
    if (target.startsWith(TAGS)) tags[target.slice(TAGS.length)] = value;
    else attribution[target] = value;
  }
  return Object.keys(tags).length === 0 ? attribution : { ...attribution, tags };
}

const TAGS = "tags.";

function compileRule(rule: AttributionRule): Apply {
  const applies = compileConditions(rule.when);
  const apply = "from" in rule ? compileCopy(rule) : compileSet(rule);
  return (lookup) => (applies(lookup) ? apply(lookup) : []);
}

function compileSet({ set }: SetRule): Apply {
  const values = Object.entries(set).flatMap(([target, value]) =>
    value === undefined ? [] : [[target, value] as const],
  );
  return () => values;
}

function compileCopy({ from, to, match, value: template }: CopyRule): Apply {
  const pattern = match === undefined ? undefined : compilePattern(match);
  return (lookup) => {
    const said = plainText(lookup(from));
    if (said === undefined || (from === "service.name" && said.startsWith(UNNAMED_SERVICE))) {
      return [];
    }
    const made =
      pattern === undefined
        ? (template ?? said).replaceAll("$0", () => said)
        : pattern.apply(said, template ?? "$0");
    const value = chargeableName(made);
    return value === undefined ? [] : [[to, value]];
  };
}

function compileConditions(when: RuleConditions = {}): (lookup: Lookup) => boolean {
  const conditions = Object.entries(when);
  return (lookup) =>
    conditions.every(([name, wanted]) => {
      const said = textOf(lookup(name));
      if (typeof wanted === "boolean") return wanted === (said !== undefined);
      const globs = typeof wanted === "string" ? [wanted] : wanted;
      return said !== undefined && globs.some((glob) => matchesGlob(said, glob));
    });
}

function textOf(value: AttributeValue | undefined): string | undefined {
  return typeof value === "boolean" ? String(value) : plainText(value);
}
