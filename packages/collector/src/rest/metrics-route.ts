import type { FastifyInstance } from "fastify";
import type { MetricsProvider } from "../telemetry/metrics-provider.ts";

/** Adds `/metrics`, for Prometheus. Metrics tell of all tenants, so a token of one does not read them. */
export function addMetrics(
  app: FastifyInstance,
  answerScrape: MetricsProvider["answerScrape"],
  isOpen: boolean,
): void {
  const config = isOpen ? {} : { scope: "read" as const, forAllTenants: true };
  app.get("/metrics", { config }, (request, reply) => {
    reply.hijack();
    answerScrape(request.raw, reply.raw);
  });
}
