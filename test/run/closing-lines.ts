import type { Outcome, SkippedSuite } from "./outcome.ts";

function skippedLine({ name, file, tests, missingServers }: SkippedSuite): string {
  const missing = missingServers.map(({ server }) => server).join(" and ");
  return `Skipped: ${file} > ${name} (${tests} ${tests === 1 ? "test" : "tests"}): ${missing} not found`;
}

function installLine(suites: readonly SkippedSuite[]): string {
  const packages = new Set(
    suites.flatMap((suite) => suite.missingServers.map(({ debianPackage }) => debianPackage)),
  );
  return `To run what was skipped: apt-get install -y ${[...packages].toSorted().join(" ")}`;
}

/**
 * What `npm test` says at its end: failures that are no test's, what was skipped and how to get it,
 * and last the counts.
 */
export function closingLines(outcome: Outcome): readonly string[] {
  const { passed, failed, skipped, skippedSuites, problems } = outcome;
  const counts = `${passed} passed, ${failed} failed`;
  return [
    ...problems.map((problem) => `Failed: ${problem}`),
    ...skippedSuites.map(skippedLine),
    ...(skippedSuites.length > 0 ? [installLine(skippedSuites)] : []),
    skipped > 0 ? `${counts}, ${skipped} skipped` : counts,
  ];
}
