import { formatTable } from "../markdown-table.ts";
import { CLIENTS } from "./clients.ts";
import { statusOf, type CellReport } from "./cell-report.ts";

const HEAD = `# Clients

Made by \`pnpm matrix --write\`; do not edit.

Every client runs the same app twice, in two processes against a local provider that speaks the real wire formats: once
as it is, once with metering. A cell is ok when the app saw the same values, chunks and errors letter by letter, the provider saw the
same requests and the same cancels, every physical attempt was told of exactly once with the provider's own counts, and a refusal by
a budget came as one error with status 402 that \`isBudgetExceeded\` knows.

Other versions are likely to work alike: what is metered is the wire, not the client.
`;

const FORMATS: Readonly<Record<string, string>> = {
  esm: "ESM",
  cjs: "CommonJS",
  bundle: "one file by esbuild",
};

/** The whole of docs/clients.md. */
export function clientsPage(reports: readonly CellReport[]): string {
  const rows = reports.map((report) => [
    report.client,
    report.packages.map(({ name, version }) => `\`${name}\` ${version}`).join("<br>"),
    FORMATS[report.format] ?? report.format,
    String(report.scenarios),
    statusOf(report),
  ]);
  const head = ["client", "packages", "format", "scenarios:", "result"];
  const table = formatTable(head, rows);
  return `${[HEAD, ...table, "", "## Known limits", "", ...limits()].join("\n")}\n`;
}

function limits(): string[] {
  return CLIENTS.flatMap(({ name, notes = [], limits: known = [] }) =>
    [...notes, ...known.map(({ what }) => what)].map((text) => `- **${name}**: ${text}`),
  );
}
