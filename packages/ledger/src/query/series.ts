import type { Series, SeriesQuery, Totals } from "../query.ts";
import { isSubject } from "../rollup/dimensions.ts";
import { DAY_MS, HOUR_MS } from "../rollup/deltas.ts";
import { addSums, byCost, createSums, subtractSums, type Sums } from "../rollup/sums.ts";
import { cutTime, withoutDays, withoutMonths, type Pieces, type Span } from "./pieces.ts";
import type { Reads } from "./reads.ts";
import { readEventTimes, readTotalTimes, type TimedSums } from "./series-rows.ts";
import { deletedBefore } from "./state.ts";
import { hasSubjectOverflow, isExcluded, isInRollUps, isUnknown, subjectsOf } from "./overflow.ts";
import { toTotals } from "./totals.ts";
import { createZone } from "./zone.ts";

/**
 * Sums by hour or civil day, the dearest series first; points without events are left out.
 *
 * Days of a zone are added up of hours. Where a day begins within an hour (zones half or a quarter of an hour off), the
 * events of that hour are told apart; once they are deleted it counts to the day in which it begins.
 */
export async function readSeries(reads: Reads, query: SeriesQuery): Promise<readonly Series[]> {
  const { step, by, timezone = "UTC", ...filter } = query;
  const zone = createZone(timezone);
  const deletedBeforeMs = await deletedBefore(reads);
  const cut = cutTime(filter.fromMs, filter.untilMs, deletedBeforeMs);
  const usesDays = step === "day" && timezone === "UTC";
  const pieces = usesDays ? withoutMonths(cut) : withoutDays(cut);

  const fromRollUps = async (): Promise<readonly TimedSums[] | undefined> => {
    const subjects = new Set([...subjectsOf(filter), ...(by && isSubject(by) ? [by] : [])]);
    if (!isInRollUps(filter) || subjects.size > 1) return undefined;
    const rows = await readTotalTimes(reads, filter, by, pieces);
    const mayAsk = (filter.fromMs ?? 0) >= deletedBeforeMs;
    if (mayAsk && (await isVague(reads, query, rows, pieces))) return undefined;
    const told = rows.filter(({ overflow }) => !isExcluded(filter, overflow));
    const known = [...told, ...(await readUnsaid(reads, query, told, pieces))];
    if (step === "hour" || usesDays) return known;
    const { whole, parts } = splitDays(known, zone.dayStart, zone.offsetAt, deletedBeforeMs);
    return [...whole, ...(await readEventTimes(reads, filter, by, parts))];
  };

  const edges = await readEventTimes(reads, filter, by, pieces.events);
  const timed = await fromRollUps();
  const all =
    timed === undefined
      ? await readEventTimes(reads, filter, by, [
          { from: filter.fromMs ?? 0, until: filter.untilMs ?? Number.MAX_SAFE_INTEGER },
        ])
      : [...timed, ...edges];
  const pointOf =
    step === "hour"
      ? (timeMs: number) => Math.floor(timeMs / HOUR_MS) * HOUR_MS
      : (timeMs: number) => civilDay(timeMs, zone.offsetAt(timeMs));
  const startOf = step === "hour" ? (point: number) => point : zone.dayStart;
  return toSeries(all, pointOf, startOf);
}

/** What is left when tasks, sessions or commits are taken off the whole: events that name none. */
async function readUnsaid(
  reads: Reads,
  { step: _step, by, timezone: _timezone, ...filter }: SeriesQuery,
  told: readonly TimedSums[],
  pieces: Pieces,
): Promise<readonly TimedSums[]> {
  if (by === undefined || !isSubject(by) || filter[by] !== undefined) return [];
  const whole = await readTotalTimes(reads, filter, undefined, withoutDays(pieces));
  const rest = new Map<number, Sums>();
  for (const { timeMs, overflow, sums } of whole) {
    if (isExcluded(filter, overflow)) continue;
    const known = rest.get(timeMs);
    if (known === undefined) rest.set(timeMs, { ...sums });
    else addSums(known, sums);
  }
  for (const { timeMs, sums } of told) {
    const known = rest.get(timeMs);
    if (known !== undefined) rest.set(timeMs, subtractSums(known, sums));
  }
  return [...rest]
    .filter(([, { events }]) => events > 0)
    .map(([timeMs, sums]) => ({ timeMs, value: null, overflow: 0, sums }));
}

function civilDay(timeMs: number, offsetMs: number): number {
  return Math.floor((timeMs + offsetMs) / DAY_MS);
}

async function isVague(
  reads: Reads,
  { step: _step, by, timezone: _timezone, ...filter }: SeriesQuery,
  rows: readonly TimedSums[],
  pieces: Pieces,
): Promise<boolean> {
  const hasVague = rows.some(
    ({ overflow }) => isExcluded(filter, overflow) || (by !== undefined && isUnknown(by, overflow)),
  );
  if (hasVague) return true;
  const subjects = new Set([...subjectsOf(filter), ...(by && isSubject(by) ? [by] : [])]);
  for (const subject of subjects) {
    if (await hasSubjectOverflow(reads, subject, pieces)) return true;
  }
  return false;
}

/** Takes out the hours within which a day begins; their parts are to be asked for. */
function splitDays(
  rows: readonly TimedSums[],
  dayStart: (day: number) => number,
  offsetAt: (timeMs: number) => number,
  deletedBeforeMs: number,
): { readonly whole: readonly TimedSums[]; readonly parts: readonly Span[] } {
  const cuts = new Map<number, number | undefined>();
  for (const { timeMs } of rows) {
    if (cuts.has(timeMs)) continue;
    const lastMs = timeMs + HOUR_MS - 1;
    const day = civilDay(lastMs, offsetAt(lastMs));
    const isCut = timeMs >= deletedBeforeMs && civilDay(timeMs, offsetAt(timeMs)) < day;
    cuts.set(timeMs, isCut ? dayStart(day) : undefined);
  }
  const parts = [...cuts].flatMap(([from, at]) =>
    at === undefined
      ? []
      : [
          { from, until: at },
          { from: at, until: from + HOUR_MS },
        ],
  );
  return { whole: rows.filter(({ timeMs }) => cuts.get(timeMs) === undefined), parts };
}

function toSeries(
  rows: readonly TimedSums[],
  pointOf: (timeMs: number) => number,
  startOf: (point: number) => number,
): readonly Series[] {
  const points = new Map<number, number>();
  const found = new Map<string | null, { all: Sums; byPoint: Map<number, Sums> }>();
  for (const { timeMs, value, sums } of rows) {
    let point = points.get(timeMs);
    if (point === undefined) points.set(timeMs, (point = pointOf(timeMs)));
    let series = found.get(value);
    if (series === undefined)
      found.set(value, (series = { all: createSums(), byPoint: new Map() }));
    let at = series.byPoint.get(point);
    if (at === undefined) series.byPoint.set(point, (at = createSums()));
    addSums(at, sums);
    addSums(series.all, sums);
  }
  return [...found]
    .toSorted(([, one], [, other]) => byCost(one.all, other.all))
    .map(([value, { byPoint }]) => ({
      value: value ?? undefined,
      points: [...byPoint]
        .toSorted(([one], [other]) => one - other)
        .map(([point, sums]): Totals & { timeMs: number } => ({
          ...toTotals(sums),
          timeMs: startOf(point),
        })),
    }));
}
