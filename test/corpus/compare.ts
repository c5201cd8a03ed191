import {
  acceptableExpectations,
  type CorpusCase,
  type Counts,
  type Expectation,
} from "./corpus-case.ts";
import type { Reading } from "./send.ts";

/** What a reading says otherwise than every acceptable expectation; empty when it is right. */
export function findDifferences(exchange: CorpusCase, reading: Reading): readonly string[] {
  const { requestModel, units } = exchange.expected;
  const asked = compareValues("requestModel", requestModel, reading.requestModel);
  const searches =
    units?.webSearchRequests === undefined
      ? []
      : compareCounts(
          "",
          { webSearchRequests: units.webSearchRequests },
          { webSearchRequests: reading.usage?.webSearchRequests },
        );
  const attempts = acceptableExpectations(exchange).map((expected) =>
    compareAnswer(expected, reading),
  );
  const answered = attempts.some((attempt) => attempt.length === 0) ? [] : (attempts[0] ?? []);
  return [...asked, ...answered, ...searches];
}

function compareAnswer(expected: Expectation, reading: Reading): readonly string[] {
  return [
    ...compareValues("responseModel", expected.responseModel ?? undefined, reading.responseModel),
    ...compareUsage(expected.usage, reading.usage),
    ...compareValues("finishReasons", expected.finishReasons, reading.finishReasons),
    ...compareValues("toolCalls", expected.toolCalls, reading.toolCalls),
    ...compareAdditional(expected, reading),
  ];
}

function compareUsage(expected: Counts | null, read: Reading["usage"]): readonly string[] {
  const tokens = tokensOf(read);
  if (expected === null || tokens === undefined) {
    return compareValues("usage", expected ?? undefined, tokens);
  }
  return compareCounts("", expected, tokens);
}

/** Searches, seconds and sandboxes are no tokens: a case has them among its units. */
function tokensOf(usage: Reading["usage"]): Counts | undefined {
  const counts = Object.entries(usage ?? {}).filter(([name]) => name.endsWith("Tokens"));
  return counts.some(([, count]) => count !== undefined) ? Object.fromEntries(counts) : undefined;
}

function modelsOf(usages: readonly { readonly model: string }[]): readonly string[] {
  return usages.map(({ model }) => model);
}

function compareAdditional(expected: Expectation, reading: Reading): readonly string[] {
  const wanted = expected.additionalUsage;
  const read = reading.additionalUsage;
  const differences = compareValues("additionalUsage models", modelsOf(wanted), modelsOf(read));
  if (differences.length > 0) return differences;
  return wanted.flatMap(({ model, usage }, index) =>
    compareCounts(`${model} `, usage, { ...read[index]?.usage }),
  );
}

/** A missing count and 0 mean the same. */
function compareCounts(prefix: string, expected: Counts, read: Counts): readonly string[] {
  const names = new Set([...Object.keys(expected), ...Object.keys(read)]);
  return [...names].flatMap((name) =>
    compareValues(prefix + name, expected[name] ?? 0, read[name] ?? 0),
  );
}

function compareValues(name: string, expected: unknown, read: unknown): readonly string[] {
  const [wanted, got] = [JSON.stringify(expected), JSON.stringify(read)];
  return wanted === got ? [] : [`${name}: expected ${wanted ?? "none"}, read ${got ?? "none"}`];
}
