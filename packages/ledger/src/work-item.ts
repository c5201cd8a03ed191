export type TaskStatus = "open" | "in_progress" | "blocked" | "done" | "cancelled";

/** What tokens are spent on. Known by its id from the first event; the rest is what somebody said of it. */
export interface Task {
  readonly id: string;
  readonly organization: string | undefined;
  readonly title: string | undefined;
  readonly slug: string | undefined;
  readonly repository: string | undefined;
  readonly workstream: string | undefined;
  readonly status: TaskStatus;
  readonly updatedMs: number;
}

/** Keys that are left out stay; `null` empties one. */
export interface TaskChange {
  readonly title?: string | null | undefined;
  readonly slug?: string | null | undefined;
  readonly repository?: string | null | undefined;
  readonly workstream?: string | null | undefined;
  readonly status?: TaskStatus | undefined;
}

/** A line of work that tasks belong to. */
export interface Workstream {
  readonly id: string;
  readonly organization: string | undefined;
  readonly title: string | undefined;
  readonly slug: string | undefined;
  readonly repository: string | undefined;
  readonly updatedMs: number;
}

export type WorkstreamChange = Omit<TaskChange, "workstream" | "status">;
