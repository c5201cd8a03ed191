import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { cachedBuild } from "./cached-build.ts";
import { runProgram } from "./run-program.ts";

/** An OpenTelemetry Collector's program, or why there is none. */
export type OtelcolProgram = { readonly program: string } | { readonly unreachable: string };

const SOURCE = join(import.meta.dirname, "otelcol");
const FILES = ["main.go", "go.mod", "go.sum"];
const NAME = "otelcol";
const OURS = /^\s*(go\.opentelemetry\.io\/collector\/otelcol) v(\S+)/m;

/** Builds it, at low priority, of exactly the modules in go.sum: takes minutes, once. */
export async function otelcolProgram(): Promise<OtelcolProgram> {
  const texts = await Promise.all(FILES.map((file) => readFile(join(SOURCE, file), "utf8")));
  const made = await cachedBuild(NAME, texts.join("\n"), async (folder) => {
    const args = [
      "-n",
      "10",
      "go",
      "build",
      "-mod=readonly",
      "-buildvcs=false",
      "-ldflags=-s -w",
      "-o",
      join(folder, NAME),
      ".",
    ];
    const { code, stderr } = await runProgram("nice", args, { cwd: SOURCE });
    return code === 0 ? undefined : `go build: ${stderr.trim().split("\n").at(-1) ?? ""}`;
  });
  return "unreachable" in made ? made : { program: join(made.folder, NAME) };
}

export async function otelcolVersion(): Promise<string> {
  const modules = await readFile(join(SOURCE, "go.mod"), "utf8");
  return `OpenTelemetry Collector ${OURS.exec(modules)?.[2] ?? "of unknown version"}`;
}
