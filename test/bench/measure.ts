/** One way of doing the same work. */
export interface Lane {
  readonly name: string;
  readonly run: () => Promise<unknown>;
}

/** Microseconds per run. */
export interface Measured {
  readonly name: string;
  readonly wallP10: number;
  readonly wallMedian: number;
  readonly cpuMedian: number;
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
  const wall = new Map(lanes.map(({ name }) => [name, [] as number[]]));
  const cpu = new Map(lanes.map(({ name }) => [name, [] as number[]]));
  const warmUpRounds = Math.ceil(rounds / 5);

  /* oxlint-disable no-await-in-loop -- lanes must not run at the same time */
  for (let round = -warmUpRounds; round < rounds; round++) {
    for (let turn = 0; turn < lanes.length; turn++) {
      const lane = lanes[(turn + Math.abs(round)) % lanes.length];
      if (lane === undefined) continue;
      globalThis.gc?.({ type: "minor" });
      const cpuBefore = process.cpuUsage();
      const before = performance.now();
      for (let run = 0; run < runsPerRound; run++) await lane.run();
      const wallMicros = ((performance.now() - before) * 1000) / runsPerRound;
      const used = process.cpuUsage(cpuBefore);
      if (round < 0) continue;
      wall.get(lane.name)?.push(wallMicros);
      cpu.get(lane.name)?.push((used.user + used.system) / runsPerRound);
    }
  }
  /* oxlint-enable no-await-in-loop */

  return lanes.map(({ name }) => ({
    name,
    wallP10: percentile(wall.get(name), 0.1),
    wallMedian: percentile(wall.get(name), 0.5),
    cpuMedian: percentile(cpu.get(name), 0.5),
  }));
}

function percentile(values: readonly number[] = [], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
}
