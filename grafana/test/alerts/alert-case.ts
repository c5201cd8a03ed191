/** Series in promtool's notation, one value a step: `{ 'up{job="a"}': "1x10 0x20" }`. */
export type Series = Readonly<Record<string, string>>;

interface Situation {
  readonly series: Series;
  /** When to look, such as `30m`. */
  readonly at: string;
}

/** When an alert fires and, in words, when it must not. */
export interface AlertCase {
  readonly alert: string;
  /** Between values, and between evaluations. @defaultValue 1 */
  readonly stepMinutes?: number;
  readonly fires: Situation & { readonly when: string };
  readonly silent: readonly (Situation & { readonly when: string })[];
}

export const BUDGET = 'tollgate_budget="team",tollgate_budget_scope="shared"';
