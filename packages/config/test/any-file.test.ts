import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isTollgateError } from "@tollgate/core";
import { load } from "./load.ts";

/** What loading a file comes to: a configuration, or the code it is refused with. */
function outcomeOf(content: string | Uint8Array): string {
  try {
    load(content);
    return "loaded";
  } catch (error) {
    return isTollgateError(error) ? error.code : String(error);
  }
}

const OUTCOMES: ReadonlySet<string> = new Set(["loaded", "TOLLGATE_CONFIG_INVALID"]);

/** Pieces that YAML and the schema have something to say about. */
const piece = fc.constantFrom(
  ..."budgets:|project:|limit:|- |  |\n|{|}|[|]|,|:|&a |*a|!t |'|\"|#|---\n|<<: |? |\t|1e300|id: a".split(
    "|",
  ),
);

test("whatever a file holds, it loads or is refused in words", () => {
  const text = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join("")),
    fc.json(),
  );
  fc.assert(fc.property(text, (content) => OUTCOMES.has(outcomeOf(content))));
});

test("whatever bytes a file holds, it loads or is refused in words", () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => OUTCOMES.has(outcomeOf(bytes))));
});

test("a file with one unknown key is refused, whatever the key", () => {
  const key = fc.stringMatching(/^[a-z]{1,12}$/);
  const known =
    "organization project task agent attribution endpoints budgets pricing metrics spans".split(
      " ",
    );
  fc.assert(
    fc.property(
      key.filter((name) => !known.includes(name)),
      (name) => outcomeOf(`"${name}": 1`) === "TOLLGATE_CONFIG_INVALID",
    ),
  );
  expect(outcomeOf("project: a")).toBe("loaded");
});
