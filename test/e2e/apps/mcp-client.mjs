// What an agent does over MCP: look around, say what it used, ask what it came to, ask what it may.
//
//   mcp-client.mjs URL                 over HTTP
//   mcp-client.mjs SCRIPT [arguments]  over stdio
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const [target, ...args] = process.argv.slice(2);
const { TOLLGATE_TOKEN = "" } = process.env;
const transport = target.startsWith("http:")
  ? new StreamableHTTPClientTransport(new URL(target))
  : new StdioClientTransport({
      command: process.execPath,
      args: [target, ...args],
      env: { TOLLGATE_TOKEN },
    });
const client = new Client({ name: "test", version: "1" });
await client.connect(transport);

const call = async (name, input) =>
  (await client.callTool({ name, arguments: input })).structuredContent;
const model = { provider: "openai", model: "gpt-4o", tokens_in: 1_000, tokens_out: 10 };
const { tools } = await client.listTools();
const results = [
  tools.map(({ name }) => name),
  await call("record_token_event", { ...model, task: "M" }),
  await call("get_token_summary", { scope: "task", id: "M" }),
  await call("check_budget", model),
];
process.stdout.write(JSON.stringify(results));
await client.close();
