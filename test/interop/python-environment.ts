import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { cachedBuild } from "./cached-build.ts";
import { runProgram } from "./run-program.ts";
import type { PythonSender } from "./senders.ts";

/** A Python with a sender's packages, or why there is none. */
export type PythonEnvironment = { readonly python: string } | { readonly unreachable: string };

/** Makes a virtual environment of exactly the versions in the sender's requirements. */
export async function pythonEnvironment(name: string): Promise<PythonEnvironment> {
  const file = requirementsOf(name);
  const made = await cachedBuild(`python-${name}`, await readFile(file, "utf8"), async (folder) => {
    const venv = await runProgram("python3", ["-m", "venv", folder]);
    if (venv.code !== 0) return `no virtual environment: ${lastLine(venv.stderr || venv.stdout)}`;
    const args = ["install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r", file];
    const install = await runProgram(join(folder, "bin/pip"), args);
    return install.code === 0 ? undefined : `pip: ${lastLine(install.stderr)}`;
  });
  return "unreachable" in made ? made : { python: join(made.folder, "bin/python") };
}

/** Of the packages that matter, such as `openai 3.57.0`. */
export async function versionsOf(sender: PythonSender): Promise<readonly string[]> {
  const lines = (await readFile(requirementsOf(sender.name), "utf8")).split("\n");
  const sdks =
    sender.openaiOnly === true || sender.calls === "langchain"
      ? ["openai"]
      : ["openai", "anthropic"];
  return [...sender.packages, ...sdks].map((name) => {
    const line = lines.find((found) => found.startsWith(`${name}==`));
    return line?.replace("==", " ") ?? name;
  });
}

function requirementsOf(name: string): string {
  return join(import.meta.dirname, "python/requirements", `${name}.txt`);
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
