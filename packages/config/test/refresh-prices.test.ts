import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { isTollgateError } from "@tollgate/core";
import { readCatalogue } from "@tollgate/pricing/refresh";
import { describe, expect, onTestFinished, test } from "vitest";
import { refreshPrices, type RefreshOptions } from "../src/prices/index.ts";
import { makeFolder } from "./load.ts";

const NOW_MS = Date.parse("2026-11-22T10:00:00Z");

const model = (id: string, input_mtok: number, output_mtok = 10) => ({
  id,
  match: { equals: id },
  prices: { input_mtok, output_mtok },
});

const dataOf = (...models: readonly unknown[]): string =>
  JSON.stringify([{ id: "openai", name: "OpenAI", api_pattern: "x", models }]);

const agree = (): boolean => true;

/** A folder with a refreshed file in it, and what is said of the next refresh. */
async function createRig() {
  const folder = makeFolder();
  const [source, out] = [join(folder, "data.json"), join(folder, "prices.json")];
  const refresh = async (options: Partial<RefreshOptions> = {}) => {
    const lines: string[] = [];
    const tell = (line: string): void => void lines.push(line);
    const asked = { source, out, confirm: agree, tell, now: () => NOW_MS, ...options };
    return { ...(await refreshPrices(asked)), lines };
  };
  const give = (text: string): void => writeFileSync(source, text);
  give(dataOf(model("gpt-5", 1.25), model("gpt-4o", 2.5)));
  await refresh();
  return { folder, source, out, give, refresh, kept: readFileSync(out, "utf8") };
}

async function refusalOf(refreshed: Promise<unknown>): Promise<string> {
  const error: unknown = await refreshed.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(isTollgateError(error) && error.code).toBe("TOLLGATE_PRICES_REFUSED");
  return error instanceof Error ? error.message : "";
}

async function serve(status: number, body: string, headers: Record<string, string> = {}) {
  const server = createServer((_request, response) => {
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}/prices/data.json`;
}

describe("a refresh", () => {
  test("tells what is added, removed and changed by how much, and writes it", async () => {
    const rig = await createRig();
    rig.give(dataOf(model("gpt-5", 1.5), model("gpt-6", 2)));
    const { written, lines } = await rig.refresh();
    expect(written).toBe(true);
    expect(lines.slice(1)).toEqual([
      "+ openai gpt-6",
      "- openai gpt-4o",
      "  openai gpt-5 input_mtok: $1.25 to $1.5 (+20%)",
      "1 added, 1 removed, 1 prices changed",
    ]);
    const read = readCatalogue(readFileSync(rig.out, "utf8"));
    expect(read).toMatchObject({ catalogue: { providers: [{ id: "openai" }] } });
    expect(readdirSync(rig.folder).toSorted()).toEqual(["data.json", "prices.json"]);
  });

  test("writes nothing when the answer is no", async () => {
    const rig = await createRig();
    rig.give(dataOf(model("gpt-5", 9)));
    const { written, lines } = await rig.refresh({ confirm: () => Promise.resolve(false) });
    expect(written).toBe(false);
    expect(lines).toContain("0 added, 1 removed, 1 prices changed");
    expect(readFileSync(rig.out, "utf8")).toBe(rig.kept);
  });

  test("takes the day from the server, and a version from the content", async () => {
    const rig = await createRig();
    const url = await serve(200, dataOf(model("gpt-5", 1)), {
      "last-modified": "Fri, 20 Nov 2026 08:00:00 GMT",
    });
    await rig.refresh({ source: url });
    const read = readCatalogue(readFileSync(rig.out, "utf8"));
    expect(read).toMatchObject({
      catalogue: {
        date: "2026-11-20",
        version: expect.stringMatching(/^data\.json@[0-9a-f]{12}$/),
      },
    });
  });

  test("compares with the bundled data where there is no file, or a broken one", async () => {
    const rig = await createRig();
    const first = await rig.refresh({ out: join(rig.folder, "new.json") });
    expect(first.lines[0]).toMatch(/^genai-prices\/.* to data\.json@/);
    writeFileSync(rig.out, "{");
    const { lines } = await rig.refresh();
    expect(lines[0]).toContain("compared with the bundled data instead");
    expect(lines[1]).toMatch(/^genai-prices\//);
  });
});

describe("a refresh that fails keeps the old file", () => {
  test.each([
    ["half of a file", dataOf(model("gpt-5", 1)).slice(0, 60), "only the beginning of it"],
    ["a page in place of data", "<!doctype html>", "is not JSON"],
    ["no models", "[]", "the list has no models"],
    ["a negative price", dataOf(model("gpt-5", -1)), "gpt-5.prices.input_mtok is -1, no number"],
    ["dollars per token", dataOf(model("gpt-5", 0.000_001_25)), "like no price there is"],
    ["dollars per billion", dataOf(model("gpt-7", 2_500)), "like no price there is"],
    ["a thousandth of what it was", dataOf(model("gpt-5", 0.001_25)), "change a thousandfold"],
    ["a pattern that is none", dataOf({ ...model("a", 1), match: { regex: "(" } }), "no pattern"],
    ["a model without an id", dataOf({ prices: {} }), "openai models[0] has no id"],
  ])("%s", async (_what, text, problem) => {
    const rig = await createRig();
    rig.give(text);
    expect(await refusalOf(rig.refresh())).toContain(problem);
    expect(readFileSync(rig.out, "utf8")).toBe(rig.kept);
  });

  test("a thousandfold is taken when one says so", async () => {
    const rig = await createRig();
    rig.give(dataOf(model("gpt-5", 0.001_25)));
    expect((await rig.refresh({ evenThousandfold: true })).written).toBe(true);
  });

  test.each([404, 500])("a server that answers %d", async (status) => {
    const rig = await createRig();
    const url = await serve(status, dataOf(model("gpt-5", 1)));
    expect(await refusalOf(rig.refresh({ source: url }))).toContain(
      `cannot be read: the server answers ${status}`,
    );
    expect(readFileSync(rig.out, "utf8")).toBe(rig.kept);
  });

  test("a server that is not there, a path that is none", async () => {
    const rig = await createRig();
    const url = "http://127.0.0.1:1/data.json";
    expect(await refusalOf(rig.refresh({ source: url }))).toContain(`${url} cannot be read:`);
    expect(await refusalOf(rig.refresh({ source: "nowhere.json" }))).toContain("ENOENT");
    expect(readFileSync(rig.out, "utf8")).toBe(rig.kept);
  });

  test("a place that cannot be written to; no half file stays behind", async () => {
    const rig = await createRig();
    const taken = join(rig.folder, "folder");
    mkdirSync(join(taken, "inside"), { recursive: true });
    const problem = await refusalOf(rig.refresh({ out: taken }));
    expect(problem).toContain(`${taken} cannot be written:`);
    expect(problem).toContain("nothing has changed");
    expect(existsSync(join(taken, "inside"))).toBe(true);
    expect(readdirSync(rig.folder).toSorted()).toEqual(["data.json", "folder", "prices.json"]);
  });
});
