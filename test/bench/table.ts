/** One table of the report: what it measures is its own matter, so long as it comes as named rows of figures. */
export interface Table {
  /** What `--only` calls it, and the block of docs/performance.md it is written to. */
  readonly name: string;
  /** Takes long, or more room: only with `--only` or `--write`. @defaultValue `false` */
  readonly onDemand?: boolean;
  run(options: RunOptions): Promise<TableResult>;
}

export interface RunOptions {
  readonly rounds: number;
}

export interface TableResult {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Lines below the table. */
  readonly notes?: readonly string[];
  readonly targets?: readonly Judged[];
}

export interface Column {
  readonly key: string;
  readonly title: string;
  readonly digits: number;
  /** Behind each figure, such as `×`. */
  readonly unit?: string;
}

export interface Row {
  readonly name: string;
  /** Rows of another group than the one before stand apart. */
  readonly group?: string;
  readonly values: Readonly<Record<string, number | undefined>>;
}

/** What a figure should be. */
export interface Target {
  /** Such as "chat, all on". */
  readonly what: string;
  readonly row: string;
  /** @defaultValue the first one with such a row */
  readonly group?: string;
  readonly column: string;
  /** Whose figure in the same column is taken off first. */
  readonly minus?: string;
  readonly atMost: number;
  readonly unit: string;
}

export interface Judged extends Target {
  readonly measured: number;
  readonly met: boolean;
}

/** Holds rows against targets. A target whose row is not there is a mistake of the bench. */
export function judge(rows: readonly Row[], targets: readonly Target[]): Judged[] {
  const figure = (name: string, { group, column }: Target): number => {
    const row = rows.find((each) => each.name === name && (group ?? each.group) === each.group);
    const value = row?.values[column];
    if (value === undefined) throw new Error(`no figure "${column}" of "${name}" to judge`);
    return value;
  };
  return targets.map((target) => {
    const { row, minus, atMost } = target;
    const measured = figure(row, target) - (minus === undefined ? 0 : figure(minus, target));
    return { ...target, measured, met: measured <= atMost };
  });
}
