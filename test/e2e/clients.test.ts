import { describe, expect, test } from "vitest";
import { CLIENTS } from "../matrix/clients.ts";
import { judgeCell } from "../matrix/judge-cell.ts";
import { runCell } from "../matrix/run-cell.ts";

/** A handful for each way of calling; `pnpm matrix` runs all of them. */
const HANDFUL = /(^| )(json|stream|stream break|stream signal|json 500)$/;

describe.concurrent("with and without metering", () => {
  for (const client of CLIENTS) {
    test(`${client.name} cannot tell, and every attempt is told of once`, async () => {
      const [format = "esm"] = client.formats;
      const cell = { client, format };
      const verdict = judgeCell(cell, await runCell(cell, HANDFUL));
      expect(verdict.scenarios).toBeGreaterThan(3);
      expect(verdict.problems).toEqual([]);
    });
  }
});
