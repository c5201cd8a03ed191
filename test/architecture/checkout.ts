import { spawn, type ChildProcess } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const root = dirname(dirname(import.meta.dirname));

/**
 * Stands in for `npx pnpm install`: notes that it ran, brings the Node of `node_modules/.bin`, and
 * fails with the text in `npx-fails`.
 */
const NPX = `#!/bin/sh
echo "$@" >> "$CHECKOUT/installs"
if [ -f "$CHECKOUT/npx-fails" ]; then cat "$CHECKOUT/npx-fails" >&2; exit 1; fi
mkdir -p "$CHECKOUT/node_modules/.bin"
ln -sf "$CHECKOUT/bin/real-node" "$CHECKOUT/node_modules/.bin/node"
ln -sfn "$CHECKOUT/bin/real-tsdown" "$CHECKOUT/node_modules/tsdown"
`;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A small repository with a copy of `.ci`, one package, and an `npx` of its own. */
export interface Checkout {
  readonly folder: string;
  write(file: string, content: string): void;
  /** Runs `.ci/with-toolchain.mjs` to its end. */
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  start(args: readonly string[]): ChildProcess;
}

export function createCheckout(): Checkout {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-checkout-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (file: string, content: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  };
  cpSync(join(root, ".ci"), join(folder, ".ci"), { recursive: true });
  write("bin/npx", NPX);
  chmodSync(join(folder, "bin/npx"), 0o755);
  symlinkSync(process.execPath, join(folder, "bin/real-node"));
  symlinkSync(
    dirname(fileURLToPath(import.meta.resolve("tsdown/package.json"))),
    join(folder, "bin/real-tsdown"),
  );
  write("package.json", '{ "type": "module" }');
  write("pnpm-lock.yaml", "");
  write("pnpm-workspace.yaml", "");
  write("packages/a/package.json", '{ "exports": { ".": { "default": "./dist/index.mjs" } } }');
  write("packages/a/tsdown.config.ts", 'export default { entry: "src/index.ts", format: "esm" };');
  write("packages/a/src/index.ts", "export const answer: number = 42;");
  write("show.ts", "console.log(JSON.stringify(process.argv.slice(2)));");

  const start = (
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): ChildProcess =>
    spawn(process.execPath, [join(folder, ".ci/with-toolchain.mjs"), ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        CHECKOUT: folder,
        PATH: `${join(folder, "bin")}${delimiter}${process.env["PATH"] ?? ""}`,
        ...env,
      },
    });
  return {
    folder,
    write,
    start,
    run: (args, env) => endOf(start(args, env)),
  };
}

/** Everything a child printed, and how it ended. */
export function endOf(child: ChildProcess): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
