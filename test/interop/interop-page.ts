import { formatTable } from "../markdown-table.ts";
import { bullet } from "../wrap.ts";
import { cellsOf, formatFindings, isReached, type SenderReport } from "./report.ts";

export const TABLE_HEAD: readonly string[] = [
  "sender",
  "versions",
  "over",
  "calls",
  "failed",
  "input tokens",
  "output tokens",
  "result",
];

const HEAD = `# Tried with

Made by \`pnpm interop --write\`; do not edit.

Real senders against the collector, all on one machine, with a local provider that speaks the real wire formats and knows what it
counted. Each call is compared: that it is booked once, with the provider's own counts and the price of these, as failed when it failed,
for the project that \`service.name\` names; and the sums that REST gives are those of the calls. Cells are what is booked / what the
provider counted. npm packages that are senders are run by \`npm test\` ([dialects](dialects.md)).

_Not told_ is what a sender itself does not say: no attribute of its spans holds it. What is not told is not known, and never guessed.

Through an OpenTelemetry Collector the calls are made three times: plainly; while the collector is killed and comes back only after
sending failed; and while it stands still until what it got is sent again. Every call counts once.
`;

/** The whole of docs/interop.md. */
export function interopPage(reports: readonly SenderReport[]): string {
  const limits = reports.filter((report) => formatFindings(report, "limit").length > 0);
  const told = new Map(limits.map((report) => [report.title, formatFindings(report, "limit")]));
  const notes = reports.flatMap((report) => (isReached(report) ? (report.notes ?? []) : []));
  return `${[
    HEAD,
    ...formatTable(TABLE_HEAD, reports.map(cellsOf)),
    "",
    "## Not told",
    "",
    ...[...told].flatMap(([title, lines]) => [`**${title}**`, "", ...lines.flatMap(bullet), ""]),
    "## Metrics behind the collector",
    "",
    ...notes.flatMap(bullet),
    ...bullet(
      "Sums over all series are the same in Prometheus as in a scrape of the collector. Prometheus' own OTLP receiver came with 2.47; where the one that is installed is older, that way is not tried.",
    ),
  ].join("\n")}\n`;
}
