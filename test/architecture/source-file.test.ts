import { expect, test } from "vitest";
import { readSource } from "./source-file.ts";

const read = (text: string): ReturnType<typeof readSource> => readSource("example.ts", text);

test("finds every way to import", () => {
  const { imports } = read(`
    import a from "a";
    import type { B } from "b";
    import { type C } from "c";
    import "d";
    export { e } from "e";
    export * from "f";
    export type { G } from "g";
    const h = await import("h");
    type I = import("i").I;
  `);
  expect(imports.toSorted()).toEqual(["a", "b", "c", "d", "e", "f", "g", "h", "i"]);
});

test("does not take text and comments for imports", () => {
  expect(read(`const text = 'import x from "y"'; // import z from "z"`).imports).toEqual([]);
});

test("counts imports whose specifier is computed", () => {
  expect(read("await import(name); await import(`./${name}.ts`);").computedImports).toBe(2);
});

test.each([
  ["process.env", "process"],
  ["const bytes = Buffer.from(text)", "Buffer"],
  ["let timer: NodeJS.Timeout", "NodeJS"],
  ["require('fs')", "require"],
  ["globalThis.process?.version", "process"],
  ['globalThis["Buffer"]', "Buffer"],
  ["(globalThis as { process?: object }).process", "process"],
  ["setImmediate(fn)", "setImmediate"],
  ["const copy = { process }", "process"],
])("sees Node in: %s", (text, name) => {
  expect(read(text).nodeGlobals).toEqual([name]);
});

test.each([
  "call.process()",
  "const steps = { process: 1 }",
  "interface Step { process: string; require(): void }",
  "class Step { process = 1; require() {} }",
  "// process.env",
  "'process.env'",
  "setTimeout(fn, 1)",
])("sees no Node in: %s", (text) => {
  expect(read(text).nodeGlobals).toEqual([]);
});

test("collects strings and the start of templates, but not the keys of shared symbols", () => {
  const { strings } = read(
    'const a = "tollgate.a"; const b = `tollgate.b.${a}`; const c = Symbol.for("tollgate.c");',
  );
  expect(strings).toEqual(["tollgate.a", "tollgate.b."]);
});

test("a file that does not parse is an error, not an empty file", () => {
  expect(() => read("const = 1")).toThrow("example.ts");
});
