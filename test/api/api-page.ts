import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCollector } from "@tollgate/collector";
import { loadConfig } from "@tollgate/config";
import * as z from "zod";
import { formatTable } from "../markdown-table.ts";

const schemaSchema = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  description: z.string().optional(),
  get properties() {
    return z.record(z.string(), schemaSchema).optional();
  },
  required: z.array(z.string()).optional(),
  get items() {
    return schemaSchema.optional();
  },
  get anyOf() {
    return z.array(schemaSchema).optional();
  },
  get oneOf() {
    return z.array(schemaSchema).optional();
  },
});
type Schema = z.infer<typeof schemaSchema>;

const contentSchema = z.object({
  content: z.record(z.string(), z.object({ schema: schemaSchema })).optional(),
});
const operationSchema = z.object({
  summary: z.string().optional(),
  description: z.string().optional(),
  tags: z.array(z.string()).optional(),
  parameters: z
    .array(
      z.object({
        name: z.string(),
        in: z.string(),
        required: z.boolean().optional(),
        schema: schemaSchema,
        description: z.string().optional(),
      }),
    )
    .optional(),
  requestBody: contentSchema.optional(),
  responses: z.record(z.string(), contentSchema),
});
type Operation = z.infer<typeof operationSchema>;
const documentSchema = z.object({
  info: z.object({ description: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
});

const TAGS: Readonly<Record<string, string>> = {
  usage: "Usage",
  work: "Tasks and workstreams",
  budgets: "Budgets",
  health: "Health",
};

/** docs/api.md, made of the OpenAPI document of a collector that runs. */
export async function apiPage(): Promise<string> {
  const { info, paths } = documentSchema.parse(await readDocument());
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const tags = new Set(operations.map(({ operation }) => operation.tags?.[0] ?? "health"));
  const sections = [...tags].flatMap((tag) => [
    `## ${TAGS[tag] ?? tag}`,
    ...operations
      .filter(({ operation }) => (operation.tags?.[0] ?? "health") === tag)
      .map(({ path, method, operation }) => describeOperation(path, method, operation)),
  ]);
  return `${[`# REST`, intro(info.description), ...sections].join("\n\n")}\n`;
}

function intro(description: string): string {
  return `<!-- Made by \`pnpm api --write\` of a collector's OpenAPI document: edit the routes. -->

${description}

A collector gives this out itself: \`/openapi.json\` as OpenAPI 3.1, \`/docs\` to read and try. Where it has tokens, send one:
\`Authorization: Bearer tgt_…\`. What goes wrong is told as RFC 9457 says: \`title\`, \`status\` and \`detail\`, which names the key that is wrong and
what to write; \`issues\` lists all such keys. [self-reporting.md](self-reporting.md) shows the API at work.`;
}

function describeOperation(path: string, method: string, operation: Operation): string {
  const { summary = "", description, parameters = [], requestBody, responses } = operation;
  const body = bodyOf(requestBody);
  const answer = Object.entries(responses).find(([status]) => status.startsWith("2"));
  const answered = answer && bodyOf(answer[1]);
  const rows = [
    ...parameters.map(({ name, in: place, required, schema, description: what }) => [
      code(name),
      `${place}, ${typeOf(schema)}${required === true ? ", required" : ""}`,
      what ?? schema.description ?? "",
    ]),
    ...(body === undefined ? [] : rowsOf(body, "body")),
  ];
  return [
    `### \`${method.toUpperCase()} ${path}\``,
    [summary, description].filter(Boolean).join(". ").replaceAll("..", "."),
    ...(rows.length > 0 ? [formatTable(["parameter", "type", "meaning"], rows).join("\n")] : []),
    ...(answered === undefined ? [] : [`Answers ${answer?.[0]}: ${shapeOf(answered)}`]),
  ].join("\n\n");
}

function bodyOf(from: z.infer<typeof contentSchema> | undefined): Schema | undefined {
  return Object.values(from?.content ?? {})[0]?.schema;
}

/** The keys of an object, or of the objects in a list, once. */
function rowsOf(schema: Schema, place: string): string[][] {
  const [first] = schema.anyOf ?? schema.oneOf ?? [];
  if (first !== undefined) return rowsOf(first, place);
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => [
    [
      code(name),
      `${place}, ${typeOf(property)}${schema.required?.includes(name) === true ? ", required" : ""}`,
      property.description ?? "",
    ],
    ...rowsOf(property, code(name).replaceAll("`", "")),
  ]);
}

function typeOf(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => code(String(value))).join(" ");
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) return [...new Set(alternatives.map(typeOf))].join(" or ");
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}`;
  return [schema.type ?? "object"].flat().join(" or ");
}

function shapeOf(schema: Schema): string {
  const names = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const inner = property.items?.properties ?? property.properties;
    return inner === undefined
      ? code(name)
      : `${code(name)} (${Object.keys(inner).map(code).join(", ")})`;
  });
  return names.length === 0 ? `${typeOf(schema)}.` : `${names.join(", ")}.`;
}

function code(text: string): string {
  return `\`${text}\``;
}

async function readDocument(): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), "tollgate-api-"));
  const config = loadConfig({ cwd: folder, env: {} });
  const collector = await startCollector({ config, dataFolder: folder, port: 0, grpcPort: false });
  try {
    const response = await fetch(`${collector.url}/openapi.json`);
    return await response.json();
  } finally {
    await collector.close();
    await rm(folder, { recursive: true, force: true });
  }
}
