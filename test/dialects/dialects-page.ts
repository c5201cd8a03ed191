import { DEFAULT_RULES, DIALECTS, type Dialect } from "@tollgate/collector";
import { formatTable } from "../markdown-table.ts";
import { bullet } from "../wrap.ts";

const HEAD = `# Dialects of telemetry

Made by \`pnpm dialects --write\` from the dialects; do not edit.

The collector reads model calls out of the telemetry of whoever sends it. A dialect is one way of telling of them. Dialects are asked in
the order below, and the first that claims a span, a log or a point reads it, alone. What is in none of them is no call.

Counts come into one convention: \`inputTokens\` is all input (cache reads and writes included), \`outputTokens\` all output (reasoning
included); every other count is a part of these two. Where a sender leaves open whether a part is in its sum, its own numbers decide: a
part that is larger than the sum, or a total that fits one reading only. What makes no sense (negative, a fraction, no number, a part
above its sum) is left out, and what is left out is unknown, never zero. A sender's cost of zero says nothing: most write it for
models whose price they do not know. Provider names become those of \`gen_ai.provider.name\`, whatever the spelling.

Agents, workflows, chains and tools are no calls; embeddings, reranking, speech and images are. Of calls inside one another the innermost
counts, and so it does where two instrumentations tell of one call beside each other in a trace. Prompts and answers are never read;
attributes that no dialect and no rule reads are not kept.

**known by** says how: _run_, a test or \`pnpm interop\` ([tried with](interop.md)) runs a sender against a fake provider and compares
every count; _source_, its code was read; _documentation_, only that. A dialect that is not _run_ may be wrong in what its source or its
documentation does not show.`;

const METRICS = `## Metrics

Sums and histograms become amounts: what each series grew by since its last point. A series is its resource, scope, metric and
attributes. Repeated and late points change nothing, nor do lost ones of a cumulative sum; a new start counts from zero, and so does a sum
that falls. The first point of a cumulative sum without a start only says where it stands. Series are kept over restarts; past 50,000 of them new ones are not
counted, and that they were not is. Amounts are tokens without calls: they count in sums of tokens and money, never as requests.

Spans, logs and metrics of one sender often tell of the same tokens: each dialect says which of them counts.`;

const OWNERS = `## Who pays

Highest first: what the sender's token fixes (its organization); \`tollgate.*\` attributes, of the record before those of its resource;
rules under \`attribution:\`; what the dialect reads; the built-in rules below. Of each key the first rule that says something counts.
A name is looked for in the record's own attributes, then in its scope's, then in its resource's.

\`\`\`yaml
attribution:
  rules:
    - { from: service.namespace, to: organization }
    - { from: user.email, match: '^(.*)@acme\\.com$', to: agent, value: "$1" }
    - { when: { service.name: checkout-*, env: [prod, stage] }, set: { project: checkout } }
    - { when: { ci.pipeline.id: true }, set: { agent: ci, tags.kind: build } }
\`\`\`

\`match\` is a regular expression in RE2's syntax, without look-around and back-references: the time it takes grows with the value only,
whoever sends it. In \`when\` a text may have \`*\` for anything; \`true\` is any value and \`false\` none. \`defaults: false\` turns the built-in rules off.`;

/** The whole of docs/dialects.md. */
export function dialectsPage(): string {
  return [
    HEAD,
    "",
    ...formatTable(
      ["dialect", "of", "signals, the most trusted first", "known by"],
      DIALECTS.map((dialect) => [
        `\`${dialect.id}\``,
        dialect.about.title,
        signalsOf(dialect).join(", "),
        dialect.about.evidence,
      ]),
    ),
    "",
    METRICS,
    "",
    OWNERS,
    "",
    ...formatTable(
      ["built-in rule: attribute", "charges to"],
      DEFAULT_RULES.flatMap((rule) => ("from" in rule ? [[`\`${rule.from}\``, rule.to]] : [])),
    ),
    "",
    "## The dialects",
    "",
    ...DIALECTS.flatMap(section),
  ].join("\n");
}

function signalsOf({ prefers = ["spans"], lastResort = false }: Dialect): readonly string[] {
  return lastResort ? prefers.map((signal) => `${signal}, as a last resort`) : prefers;
}

function section({ id, about }: Dialect): readonly string[] {
  return [
    `### \`${id}\`: ${about.title}`,
    "",
    ...bullet(about.senders),
    ...bullet(`Counts: ${about.counts}`),
    ...(about.limits ?? []).flatMap(bullet),
    "",
    ...formatTable(
      ["read", "becomes"],
      about.fields.map(({ source, becomes }) => [source, becomes]),
    ),
    "",
  ];
}
