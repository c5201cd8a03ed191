/** One series of a scrape, or one bucket, sum or count of it. */
export interface PrometheusSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Milliseconds since the epoch; `undefined` when the line has none. */
  readonly timestampMs: number | undefined;
}

/** All samples of a metric with what its HELP and TYPE lines said. */
export interface PrometheusFamily {
  readonly name: string;
  /** `untyped` when there is no TYPE line. */
  readonly type: string;
  readonly help: string | undefined;
  readonly samples: readonly PrometheusSample[];
}

interface FamilyDraft {
  readonly name: string;
  type: string;
  help: string | undefined;
  readonly samples: PrometheusSample[];
}

/** Suffixes that belong to a family of these types. */
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  histogram: ["_bucket", "_sum", "_count"],
  summary: ["_sum", "_count"],
};

/**
 * Reads the Prometheus text format, version 0.0.4.
 *
 * Source: prometheus.io/docs/instrumenting/exposition_formats, "Text-based format".
 *
 * @throws SyntaxError with the line's number when a line is neither sample, comment nor empty.
 */
export function parsePrometheusText(text: string): PrometheusFamily[] {
  const families = new Map<string, FamilyDraft>();
  const family = (name: string): FamilyDraft => {
    const found = families.get(name);
    if (found) return found;
    const made: FamilyDraft = { name, type: "untyped", help: undefined, samples: [] };
    families.set(name, made);
    return made;
  };
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trimStart();
    if (line === "") continue;
    if (line.startsWith("#")) {
      readComment(line, family);
      continue;
    }
    const sample = parseSample(line.trimEnd());
    if (!sample) throw new SyntaxError(`line ${index + 1} is not a Prometheus sample: ${line}`);
    family(familyName(sample.name, families)).samples.push(sample);
  }
  return [...families.values()];
}

/** Writes families back, each with its HELP and TYPE lines first. */
export function formatPrometheusText(families: readonly PrometheusFamily[]): string {
  const lines: string[] = [];
  for (const family of families) {
    if (family.help !== undefined) {
      const help = family.help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
      lines.push(`# HELP ${family.name} ${help}`);
    }
    lines.push(`# TYPE ${family.name} ${family.type}`);
    for (const sample of family.samples) lines.push(formatSample(sample));
  }
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function readComment(line: string, family: (name: string) => FamilyDraft): void {
  const match = /^#[ \t]+(HELP|TYPE)[ \t]+(\S+)(?:[ \t](.*))?$/s.exec(line);
  const name = match?.[2];
  if (name === undefined) return;
  const rest = match?.[3] ?? "";
  if (match?.[1] === "TYPE") family(name).type = rest.trim();
  else family(name).help = unescape(rest);
}

function familyName(sampleName: string, families: ReadonlyMap<string, FamilyDraft>): string {
  for (const [type, suffixes] of Object.entries(SUFFIXES)) {
    for (const suffix of suffixes) {
      const base = sampleName.slice(0, -suffix.length);
      if (sampleName.endsWith(suffix) && families.get(base)?.type === type) return base;
    }
  }
  return sampleName;
}

const SAMPLE =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?\s*(\S+)(?:\s+(-?\d+))?$/;
const LABEL = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,|$)/y;

function parseSample(line: string): PrometheusSample | undefined {
  const [, name, labelText, valueText, timestamp] = SAMPLE.exec(line) ?? [];
  if (name === undefined || valueText === undefined) return undefined;
  const labels = parseLabels(labelText ?? "");
  const value = parseValue(valueText);
  if (!labels || value === undefined) return undefined;
  return {
    name,
    labels,
    value,
    timestampMs: timestamp === undefined ? undefined : Number(timestamp),
  };
}

function parseLabels(text: string): Record<string, string> | undefined {
  const labels: Record<string, string> = {};
  let position = 0;
  while (position < text.length) {
    LABEL.lastIndex = position;
    const [whole, name, value] = LABEL.exec(text) ?? [];
    if (whole === undefined || name === undefined || value === undefined) return undefined;
    labels[name] = unescape(value);
    position += whole.length;
  }
  return labels;
}

function parseValue(text: string): number | undefined {
  if (text === "NaN") return Number.NaN;
  const infinite = /^([+-]?)Inf$/.exec(text);
  if (infinite) return infinite[1] === "-" ? -Infinity : Infinity;
  const value = Number(text);
  return Number.isNaN(value) ? undefined : value;
}

function formatSample(sample: PrometheusSample): string {
  const labels = Object.entries(sample.labels).map(([name, value]) => `${name}="${escape(value)}"`);
  const braces = labels.length === 0 ? "" : `{${labels.join(",")}}`;
  const timestamp = sample.timestampMs === undefined ? "" : ` ${sample.timestampMs}`;
  return `${sample.name}${braces} ${formatValue(sample.value)}${timestamp}`;
}

function formatValue(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}

function escape(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function unescape(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, char: string) => (char === "n" ? "\n" : char));
}
