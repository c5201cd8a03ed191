import { ATTR_OVERFLOW } from "@tollgate/core/semconv";

export type Labels = Readonly<Record<string, string | boolean>>;

/** One time series: attributes and a sum that only grows. */
interface Series {
  readonly attributes: Labels;
  sum: number;
}

/** Finds, or opens, the series of one label set for a value of the family's own attribute. */
export type SeriesPicker<Value extends string> = (value: Value) => Series;

/** The series of one instrument. */
export interface SeriesFamily<Value extends string> {
  /** All that are open, in order of opening. They are never closed. */
  readonly open: readonly Series[];
  /** @param labels - `undefined` for what no label set took. */
  picker(labels: Labels | undefined): SeriesPicker<Value>;
}

/** An attribute that an instrument has besides the labels. */
export interface OwnAttribute<Value extends string> {
  readonly name: string;
  /**
   * All values there are; each has an overflow series of its own, so that sums by value stay right.
   * None: any value may come, and they share one overflow series.
   */
  readonly values: readonly Value[];
}

/** Value of an instrument's own attribute that means: leave the attribute out. */
export const NO_VALUE = "";

/**
 * Makes a family of at most `maxSeries` series. When all are taken, what needs a new one is added to
 * overflow series.
 */
export function createSeriesFamily<Value extends string>(
  maxSeries: number,
  own: OwnAttribute<Value>,
): SeriesFamily<Value> {
  const open: Series[] = [];
  const overflow = new Map<string, Series>();
  const reserved = Math.max(1, own.values.length);

  const openSeries = (labels: Labels, value: string): Series => {
    const attributes = value === NO_VALUE ? labels : { ...labels, [own.name]: value };
    const series: Series = { attributes, sum: 0 };
    open.push(series);
    return series;
  };

  const pickOverflow = (value: Value): Series => {
    const key = own.values.length === 0 ? NO_VALUE : value;
    let series = overflow.get(key);
    if (series === undefined) {
      series = openSeries({ [ATTR_OVERFLOW]: true }, key);
      overflow.set(key, series);
    }
    return series;
  };

  const picker = (labels: Labels | undefined): SeriesPicker<Value> => {
    if (labels === undefined) return pickOverflow;
    const picked = new Map<Value, Series>();
    return (value) => {
      const known = picked.get(value);
      if (known !== undefined) return known;
      if (open.length - overflow.size >= maxSeries - reserved) return pickOverflow(value);
      const series = openSeries(labels, value);
      picked.set(value, series);
      return series;
    };
  };

  return { open, picker };
}
