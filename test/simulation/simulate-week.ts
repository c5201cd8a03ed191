import { createBudgetProcessor, createMemoryStore, type BudgetProcessor } from "@tollgate/budget";
import type { Clock } from "@tollgate/core";
import { observePricesAge } from "@tollgate/metering";
import { createPricer } from "@tollgate/pricing";
import { createFakeClock } from "@tollgate/testkit";
import { createCaller } from "./caller.ts";
import { observeReceiver } from "./observe-receiver.ts";
import { createScraped, type Scraped } from "./open-metrics.ts";
import { POLICIES } from "./policies.ts";
import { createRandom } from "./random.ts";
import { activity, troubleOf, WORKLOADS, type Workload } from "./traffic.ts";

export interface WeekOptions {
  readonly endMs: number;
  readonly days: number;
  /** Between two scrapes. */
  readonly stepMs: number;
}

interface SimulatedProcess {
  readonly target: string;
  readonly scraped: Scraped;
  readonly budget: BudgetProcessor;
}

type Processes = Readonly<Record<Workload["instance"], SimulatedProcess>>;

const HOUR_MS = 3_600_000;
/** How long before a scrape those calls begin that are under way then. */
const LATE_MS = 10_000;

/** Lives through a week of three processes by their own clock, and gives what a Prometheus would have scraped. */
export async function* simulateWeek(options: WeekOptions): AsyncGenerator<readonly string[]> {
  const { endMs, days, stepMs } = options;
  const startMs = endMs - days * 24 * HOUR_MS;
  const clock = createFakeClock(startMs);
  const random = createRandom(7);
  const pricer = createPricer();
  const processes = startProcesses(clock, random);
  for (const { scraped } of Object.values(processes)) {
    observePricesAge(scraped.meter, () => pricer.catalogueDate, clock.now);
  }
  const receive = observeReceiver(processes.collector.scraped.meter, random);
  const caller = createCaller({ pricer, clock, random });

  async function makeCalls(work: Workload, count: number, stay: boolean): Promise<void> {
    const { budget } = processes[work.instance];
    const trouble = troubleOf(work, endMs - clock.now());
    for (let made = 0; made < count; made++) await caller.call(budget, work, trouble, stay);
    if (work.instance === "collector") receive(count);
  }

  while (clock.now() < endMs) {
    const born = WORKLOADS.filter(
      ({ bornAfterHours = 0 }) => clock.now() - startMs >= bornAfterHours * HOUR_MS,
    );
    for (const work of born) {
      const { factor } = troubleOf(work, endMs - clock.now());
      const expected = (work.callsPerHour * activity(clock.now()) * factor * stepMs) / HOUR_MS;
      await makeCalls(work, Math.floor(expected * (0.6 + 0.8 * random()) + random()), false);
    }
    await clock.advance(stepMs - LATE_MS);
    for (const work of born) {
      if (random() < 0.5 * activity(clock.now())) await makeCalls(work, 1, true);
    }
    await clock.advance(LATE_MS);
    for (const { scraped, target } of Object.values(processes)) {
      yield [...(await scraped.scrape(clock.now())), `up{${target}} 1 ${clock.now() / 1_000}`];
    }
    await caller.endAll();
  }
}

function start(target: string, budget: BudgetProcessor): SimulatedProcess {
  const scraped = createScraped(target);
  budget.bind(scraped.meter);
  return { target, scraped, budget };
}

/** Two apps with one store, which show the same budgets, as with Redis; and a collector without budgets. */
function startProcesses(clock: Clock, random: () => number): Processes {
  const store = { ...createMemoryStore({ clock }), scope: "shared" as const };
  const gated = (): BudgetProcessor =>
    createBudgetProcessor({ policies: POLICIES, store, clock, random });
  return {
    api: start('job="api",instance="api-1:9464"', gated()),
    worker: start('job="worker",instance="worker-1:9464"', gated()),
    collector: start(
      'job="tollgate-collector",instance="collector-1:4318"',
      createBudgetProcessor({ policies: [], clock }),
    ),
  };
}
