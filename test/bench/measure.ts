/** One way of doing the same work. */
export interface Lane {
  readonly name: string;
  /** Lanes of one group do the same work with the same client; the first one is what the others are held against. */
  readonly group: string;
  readonly run: () => unknown;
}

/** Microseconds per run. */
export interface Measured {
  readonly name: string;
  readonly group: string;
  readonly wallP10: number;
  readonly wallMedian: number;
  /** User and system time of the whole process: other processes do not count in it. */
  readonly cpuP10: number;
}

export interface MeasureOptions {
  readonly rounds: number;
  readonly runsPerRound: number;
}

/**
 * Measures lanes side by side: each round runs a batch of every lane, in an order that changes, so
 * that what slows the machine for a moment slows them alike.
 */
export async function measure(
  lanes: readonly Lane[],
  options: MeasureOptions,
): Promise<Measured[]> {
  const { rounds, runsPerRound } = options;
  const samples = lanes.map((lane) => ({ lane, wall: [] as number[], cpu: [] as number[] }));
  const warmUpRounds = Math.ceil(rounds / 5);

  for (let round = -warmUpRounds; round < rounds; round++) {
    for (let turn = 0; turn < samples.length; turn++) {
      const sample = samples[(turn + Math.abs(round)) % samples.length];
      if (sample === undefined) continue;
      globalThis.gc?.({ type: "minor" });
      const { wallMicros, cpuMicros } = await timeBatch(sample.lane, runsPerRound);
      if (round < 0) continue;
      sample.wall.push(wallMicros);
      sample.cpu.push(cpuMicros);
    }
  }

  return samples.map(({ lane: { name, group }, wall, cpu }) => ({
    name,
    group,
    wallP10: percentile(wall, 0.1),
    wallMedian: percentile(wall, 0.5),
    cpuP10: percentile(cpu, 0.1),
  }));
}

async function timeBatch(
  { run }: Lane,
  runs: number,
): Promise<{ wallMicros: number; cpuMicros: number }> {
  const cpuBefore = process.cpuUsage();
  const before = performance.now();
  for (let count = 0; count < runs; count++) await run();
  const wallMicros = ((performance.now() - before) * 1000) / runs;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { wallMicros, cpuMicros: (user + system) / runs };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
}
