import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PrometheusServer } from "@tollgate/testkit";
import { expect, test, vi } from "vitest";
import * as z from "zod";
import { describeWithServer } from "@tollgate/testkit/vitest";
import { EMPTY_ON_THE_DEMO } from "./empty-on-the-demo.ts";
import { startScrapedDemo } from "./scraped-demo.ts";

const FOLDER = join(import.meta.dirname, "../../grafana/generated/dashboards");

const dashboardSchema = z.looseObject({
  title: z.string(),
  panels: z.array(
    z.looseObject({
      title: z.string().optional(),
      panels: z.array(z.unknown()).optional(),
      targets: z.array(z.looseObject({ expr: z.string() })).default([]),
    }),
  ),
});

interface Query {
  /** Such as `Overview / Spend`. */
  readonly panel: string;
  readonly expr: string;
}

function queriesOf(file: string): readonly Query[] {
  const { title, panels } = dashboardSchema.parse(
    JSON.parse(readFileSync(join(FOLDER, file), "utf8")),
  );
  return panels.flatMap((panel) =>
    panel.targets.map(({ expr }) => ({
      panel: `${title.replace("Tollgate / ", "")} / ${panel.title}`,
      expr: expr
        .replaceAll("$__rate_interval", "1m")
        .replaceAll("$__range", "10m")
        .replaceAll(/\$[a-z]+/g, ".*"),
    })),
  );
}

/** Panels of which no query returned anything. */
async function emptyPanels(
  prometheus: PrometheusServer,
  queries: readonly Query[],
): Promise<readonly string[]> {
  const found = new Map<string, boolean>();
  for (const { panel, expr } of queries) {
    const answer = await prometheus.query(expr);
    const hasData = answer.some(({ value }) => Number.isFinite(value));
    found.set(panel, hasData || found.get(panel) === true);
  }
  return [...found].filter(([, hasData]) => !hasData).map(([panel]) => panel);
}

describeWithServer("prometheus", "dashboards over the demo", () => {
  test("show data in every panel, but for those that say why not", async () => {
    const { demo, prometheus } = await startScrapedDemo(60);
    await demo.untilStdout(/^\{"agents".*$/m);
    await prometheus.queryUntil(
      'sum(tollgate_requests_total{tollgate_outcome="refused"})',
      ([refused]) => refused !== undefined && refused.value > 0,
    );

    const queries = readdirSync(FOLDER).flatMap(queriesOf);
    // A rate needs two scrapes of what was counted last.
    await vi.waitFor(
      async () => {
        const empty = await emptyPanels(prometheus, queries);
        expect(empty.toSorted()).toEqual(EMPTY_ON_THE_DEMO.toSorted());
      },
      { timeout: 20_000, interval: 500 },
    );
  });
});
