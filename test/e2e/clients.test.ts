import { describe, expect, test } from "vitest";
import { CLIENTS } from "../matrix/clients.ts";
import { judgeCell } from "../matrix/judge-cell.ts";
import { runCell } from "../matrix/run-cell.ts";

/** A handful for each way of calling; `pnpm matrix` runs all of them. */
const HANDFUL = /(^| )(json|stream|stream break|stream signal|json 500)$/;

/** Cells have two processes each. */
const AT_ONCE = 2;

const batches = Array.from({ length: Math.ceil(CLIENTS.length / AT_ONCE) }, (_, index) =>
  CLIENTS.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
);

describe.each(batches)("in one process each, with and without metering", (...clients) => {
  test.concurrent.for(clients.map((client) => [client.name, client] as const))(
    "%s cannot tell, and every attempt is told of once",
    async ([, client], { expect: expectHere }) => {
      const [format = "esm"] = client.formats;
      const cell = { client, format };
      const verdict = judgeCell(cell, await runCell(cell, HANDFUL));
      expectHere(verdict.scenarios).toBeGreaterThan(3);
      expectHere(verdict.problems).toEqual([]);
    },
  );
});

test("every client has a name of its own", () => {
  expect(new Set(CLIENTS.map(({ name }) => name)).size).toBe(CLIENTS.length);
});
