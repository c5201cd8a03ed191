import { checkPackage, createPackageFromTarballData, type Problem } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

/** ESM only: Node ≥ 22.15 can `require` it, and TypeScript's oldest resolution is left behind. */
const IGNORED_RESOLUTIONS: ReadonlySet<string> = new Set(["node10", "node16-cjs"]);

function describeTypeProblem(problem: Problem): string {
  const where = [
    "entrypoint" in problem ? problem.entrypoint : undefined,
    "resolutionKind" in problem ? problem.resolutionKind : undefined,
  ].filter((part) => part !== undefined);
  return `types: ${problem.kind}${where.length > 0 ? ` (${where.join(", ")})` : ""}`;
}

async function typeProblems(tarball: Uint8Array): Promise<readonly string[]> {
  const analysis = await checkPackage(createPackageFromTarballData(tarball));
  if (analysis.types === false) return ["types: the package has none"];
  return analysis.problems
    .filter(
      (problem) =>
        !("resolutionKind" in problem && IGNORED_RESOLUTIONS.has(problem.resolutionKind)),
    )
    .map(describeTypeProblem);
}

async function publishProblems(tarball: Uint8Array): Promise<readonly string[]> {
  const bytes = new Uint8Array(tarball);
  const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer }, strict: true });
  return messages.map(
    (message) => `publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`,
  );
}

/** What publint and "are the types wrong" find in a package's tarball. */
export async function packagingProblems(tarball: Uint8Array): Promise<readonly string[]> {
  return [...(await publishProblems(tarball)), ...(await typeProblems(tarball))];
}
