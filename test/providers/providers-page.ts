import { KNOWN_APIS, KNOWN_VENDORS } from "@tollgate/wire/providers";
import { formatTable } from "../markdown-table.ts";
import { apiSection, groupApis, idsOf } from "./api-section.ts";
import { GENERAL_LIMITS, NOT_READ, OTHER_SOURCES, type OtherSource } from "./other-sources.ts";
import { hostsTable, overviewTable } from "./vendor-tables.ts";
import { bullet } from "../wrap.ts";

const HEAD = `# Providers and APIs

Made by \`pnpm providers --write\` from the codecs; do not edit. A test sets each field below by itself and looks at what is read.

A call is metered when its path is that of a known API, at any host. The host, or a name under \`endpoints:\`, says whose prices it has;
a host that nobody knows counts as the provider whose API it speaks. Paths as common as \`/api/chat\` or \`/rerank\` are read at
known, named and private hosts only. Gateways, vLLM, LM Studio and llama.cpp speak \`openai.*\` at hosts of one's own.

Counts are the provider's own, brought to one convention: \`inputTokens\` is all input (cache reads and writes included), \`outputTokens\` all
output (reasoning included); every other count is a part of these two. What a provider leaves out is estimated and marked so.`;

const VENDORS_HEAD =
  "**openai** chat is the API `openai.chat`; every API has a section below. Counting tokens is free everywhere.";

const VENDOR_NOTES = `**usage of streams** is about OpenAI's chat and completions, which many vendors count in streams only when asked. _asked for_: we add
\`stream_options.include_usage\` where the app says nothing of it, and keep the extra chunk from the app (in Azure's API from version
2024-09-01 on). _sent_: the vendor sends it unasked. _left to app_: a stream is estimated unless the app asks. **billed cost** is what
the answer says that the call cost, which then counts in place of our price.`;

const API_NOTES = `\`a\` + \`b\` is a sum, of \`a\` or \`b\` the first that is there counts, a plain name is another row of the table. \`list[]\` is every element,
\`list[type=x]\` those whose \`type\` is \`x\`, \`list.length\` how many there are. Errors are read in all of them.`;

const END = `## Your own recordings

\`pnpm corpus DIR\` replays a directory of recorded exchanges through the metered fetch and compares usage, model, finish reasons and tool calls with what each
recording expects, and the bytes that the app gets with those recorded; \`--splits 25\` does so for 25 more ways of cutting each answer into pieces.`;

/** The whole of docs/providers.md. */
export function providersPage(): string {
  const groups = groupApis(KNOWN_APIS);
  const limits = groups.flatMap((group) =>
    (group.about.limits ?? []).map((limit) => limitOf(idsOf(group), limit)),
  );
  const others = OTHER_SOURCES.flatMap(({ name, limits: known }) =>
    known.map((limit) => limitOf([name], limit)),
  );
  return [
    HEAD,
    "",
    "## Vendors",
    "",
    VENDORS_HEAD,
    "",
    ...overviewTable(KNOWN_VENDORS),
    "",
    "## Hosts",
    "",
    ...hostsTable(KNOWN_VENDORS),
    "",
    VENDOR_NOTES,
    "",
    "## APIs",
    "",
    API_NOTES,
    "",
    ...groups.flatMap(apiSection),
    ...(OTHER_SOURCES.length === 0 ? [] : ["## Other sources", ""]),
    ...OTHER_SOURCES.flatMap(otherSection),
    "## Known limits",
    "",
    ...[...GENERAL_LIMITS, ...limits, ...others].flatMap(bullet),
    "",
    "Not read at all; such calls pass as they are:",
    "",
    ...NOT_READ.flatMap(bullet),
    "",
    END,
    "",
  ].join("\n");
}

function limitOf(names: readonly string[], limit: string): string {
  return `**${names.join(", ")}**: ${limit}`;
}

function otherSection({ name, reference, what, fields }: OtherSource): readonly string[] {
  const table = fields.length === 0 ? [] : [...formatTable(["count", "read from"], fields), ""];
  return [`### ${name}`, "", ...bullet(what), ...bullet(`[reference](${reference})`), "", ...table];
}
