/** One mistake in a configuration, with what to write instead. */
export interface Problem {
  /** The file's path as people would type it, or `environment`. */
  readonly source: string;
  /** Counted from 1; `undefined` for what is no place in a file. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** Such as `budgets[0].limit.usd` or `TOLLGATE_PROJECT`; empty for the whole file. */
  readonly key: string;
  readonly message: string;
}

/** `tollgate.yaml:4:3  budgets[0].limt: unknown key; did you mean "limit"?` */
export function formatProblem({ source, line, column, key, message }: Problem): string {
  const place = line === undefined ? source : `${source}:${line}:${column ?? 1}`;
  return key === "" ? `${place}  ${message}` : `${place}  ${key}: ${message}`;
}

/** A path into a document as people read it: `budgets[0].limit.usd`. */
export function formatKey(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? String(part) : `${text}.${String(part)}`;
  }, "");
}
