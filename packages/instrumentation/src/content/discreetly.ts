import { diag } from "@opentelemetry/api";

/**
 * Runs code that handles content. Of what it throws only the kind is reported: messages of errors quote what
 * they are about.
 */
export function discreetly<Result>(what: string, run: () => Result): Result | undefined {
  try {
    return run();
  } catch (error) {
    diag.error(`tollgate: ${what} failed with ${kindOf(error)}; the content is not recorded`);
    return undefined;
  }
}

function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return `a thrown ${typeof error}`;
  // Names are set by whoever throws; a class's own name is code.
  const { name } = error.constructor;
  return /^\w{1,64}$/.test(name) ? name : "Error";
}
