import { setTimeout as wait } from "node:timers/promises";
import { styleText } from "node:util";
import { parseArguments, USAGE, type DemoOptions } from "./arguments.ts";
import { startDemo, type Demo } from "./demo.ts";
import { createLiveView } from "./view/live-view.ts";
import { createPlainView } from "./view/plain-view.ts";
import type { View } from "./view/state.ts";
import { renderJson, renderSummary } from "./view/summary.ts";

const EXIT_OK = 0;
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
/** A shell's convention: 128 and the signal's number. */
const SIGNAL_EXITS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const { stdout } = process;

function print(text: string): void {
  stdout.write(text);
}

function openView(metricsUrl: string): View {
  if (stdout.isTTY) return createLiveView(stdout);
  print(`metrics of all agents: ${metricsUrl}\n`);
  return createPlainView(print);
}

async function runOnce(demo: Demo, { json, holdSeconds }: DemoOptions): Promise<void> {
  const figures = await demo.runOnce();
  const style = (format: Parameters<typeof styleText>[0], text: string): string =>
    styleText(format, text, { stream: stdout });
  print(`${renderSummary(figures, stdout.columns ?? 80, style).join("\n")}\n`);
  if (holdSeconds > 0) print(`metrics stay up for ${holdSeconds} s: ${demo.metricsUrl}\n`);
  if (json) print(`${renderJson(figures, demo.metricsUrl)}\n`);
  await wait(holdSeconds * 1000);
}

async function run(options: DemoOptions): Promise<number> {
  // Before anything is started, so that there is never something to stop and nobody to stop it.
  const signalled = Promise.withResolvers<number>();
  for (const [signal, exitCode] of Object.entries(SIGNAL_EXITS)) {
    process.on(signal, () => signalled.resolve(exitCode));
  }
  const demo = await startDemo(openView);
  try {
    const work = options.once ? runOnce(demo, options) : demo.runOn();
    return await Promise.race([work.then(() => EXIT_OK), signalled.promise]);
  } catch (error) {
    await demo.stop();
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT_FAILED;
  } finally {
    await demo.stop();
  }
}

async function main(): Promise<number> {
  const parsed = parseArguments(process.argv.slice(2));
  if (parsed.kind === "run") return run(parsed.options);
  if (parsed.kind === "help") {
    print(USAGE);
    return EXIT_OK;
  }
  process.stderr.write(`${parsed.message}\n\n${USAGE}`);
  return EXIT_USAGE;
}

process.exitCode = await main();
// Nothing is left to wait for, but a hold that was interrupted still has its timer.
process.exit();
