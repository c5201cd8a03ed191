import type { Figures } from "../figures.ts";

/** Something that happened to a job. */
export interface DemoEvent {
  readonly elapsedMs: number;
  readonly agent: string;
  readonly kind: "done" | "throttled" | "refused" | "failed";
  readonly text: string;
}

/** Everything there is to show. */
export interface DemoState {
  readonly elapsedMs: number;
  readonly metricsUrl: string;
  readonly figures: Figures;
  /** Oldest first. */
  readonly events: readonly DemoEvent[];
}

/** What follows the demo on a terminal or in a log. */
export interface View {
  /** Something has happened. */
  event(event: DemoEvent): void;
  /** Called several times a second. */
  update(state: DemoState): void;
  /** Gives the terminal back. May be called again. */
  close(): void;
}
