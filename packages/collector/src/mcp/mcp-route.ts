import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { FastifyInstance } from "fastify";
import { createMcpServer } from "./create-mcp-server.ts";
import type { ToolParts } from "./tool.ts";

/**
 * MCP over streamable HTTP at `/mcp`. Without sessions: each request has its own server, which speaks for the request's token, so that
 * any replica can answer.
 */
export function addMcp(app: FastifyInstance, parts: ToolParts): void {
  app.post("/mcp", { config: { scope: "any" } }, async (request, reply) => {
    const server = createMcpServer(parts, request.caller);
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
    reply.raw.on("close", () => {
      void transport.close();
      void server.close();
    });
    await server.connect(transport);
    reply.hijack();
    await transport.handleRequest(request.raw, reply.raw, request.body);
  });
  // There are no sessions to listen to or to end.
  app.route({
    method: ["GET", "DELETE"],
    url: "/mcp",
    handler: (_request, reply) =>
      reply
        .code(405)
        .header("allow", "POST")
        .send({ detail: "this MCP server has no sessions; POST to it" }),
  });
}
