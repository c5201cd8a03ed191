import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CONFIG } from "../src/config.ts";
import { alertsOf, ruleGroups } from "../src/rules/generate-rules.ts";
import { describeWithServer } from "@tollgate/testkit/vitest";
import { runTool } from "./promtool.ts";

const FOLDER = join(import.meta.dirname, "../../docs/runbooks");
const alerts = [
  ...new Set(
    alertsOf(ruleGroups({ config: CONFIG, budgets: [{ id: "own", alertAt: [50] }] })).map(
      ({ name }) => name,
    ),
  ),
];
const page = (name: string): string => readFileSync(join(FOLDER, `${name}.md`), "utf8");

test.each(alerts)(
  "%s has a runbook that says what it means, how to look and how to mend",
  (name) => {
    const headings = [...page(name).matchAll(/^#+ .*/gm)].map(([heading]) => heading);
    expect(headings).toEqual([`# ${name}`, "## Impact", "## Look", "## Mend"]);
  },
);

test("every runbook is of an alert, and the list has all of them", () => {
  const pages = readdirSync(FOLDER).filter((file) => file !== "README.md");
  expect(pages.toSorted()).toEqual(alerts.map((name) => `${name}.md`).toSorted());
  const list = page("README");
  expect(alerts.filter((name) => !list.includes(`(${name}.md)`))).toEqual([]);
});

test("links of runbooks lead to pages that are there", () => {
  const broken = alerts.flatMap((name) =>
    [...page(name).matchAll(/\]\(([^)#]+)(#([^)]+))?\)/g)].flatMap(
      ([link, path = "", , anchor]) => {
        const file = join(FOLDER, path);
        const headings = [...readFileSync(file, "utf8").matchAll(/^#+ (.*)/gm)].map(
          ([, text = ""]) =>
            text
              .toLowerCase()
              .replaceAll(/[^\w\- ]/g, "")
              .replaceAll(" ", "-"),
        );
        return anchor === undefined || headings.includes(anchor) ? [] : [`${name}: ${link}`];
      },
    ),
  );
  expect(broken).toEqual([]);
});

describeWithServer("promtool", "the queries of runbooks", () => {
  test("parse", { timeout: 30_000 }, async () => {
    const queries = alerts.flatMap((name) =>
      [...page(name).matchAll(/```promql\n([^]*?)\n```/g)].map(([, expr = ""]) => expr),
    );
    const rules = queries.map((expr, index) => ({ record: `runbook:query:q${index}`, expr }));
    const files = { "rules.yaml": JSON.stringify({ groups: [{ name: "runbooks", rules }] }) };
    const verdict = await runTool("promtool", files, ["check", "rules", "rules.yaml"]);
    expect(queries.length).toBeGreaterThanOrEqual(alerts.length);
    expect(verdict).toMatchObject({ ok: true, output: expect.stringContaining("SUCCESS") });
  });
});
