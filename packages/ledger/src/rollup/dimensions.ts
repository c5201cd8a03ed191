import type { LedgerEvent } from "../event.ts";
import type { Dimension } from "../query.ts";

/** What varies little: every combination in an hour has one row of sums. */
export const CELL_DIMENSIONS: readonly CellDimension[] = [
  "organization",
  "project",
  "workstream",
  "repository",
  "agent",
  "release",
  "provider",
  "model",
  "outcome",
];

/** What varies without bound: each has sums of its own beside the cells'. The index is the `kind` of its rows. */
export const SUBJECT_DIMENSIONS: readonly SubjectDimension[] = ["task", "session", "commit"];

export type SubjectDimension = "task" | "session" | "commit";
export type CellDimension = Exclude<Dimension, SubjectDimension>;

export type CellValues = Readonly<Record<CellDimension, string | null>>;

export function isSubject(dimension: Dimension): dimension is SubjectDimension {
  return SUBJECT_DIMENSIONS.some((each) => each === dimension);
}

/** The answering model, else the requested one. */
export function modelOf({ responseModel, requestModel }: LedgerEvent): string | undefined {
  return responseModel ?? requestModel;
}

export function cellOf(event: LedgerEvent): CellValues {
  const { organization, project, workstream, repository, agent, release } = event.attribution;
  return {
    organization: organization ?? null,
    project: project ?? null,
    workstream: workstream ?? null,
    repository: repository ?? null,
    agent: agent ?? null,
    release: release ?? null,
    provider: event.provider,
    model: modelOf(event) ?? null,
    outcome: event.outcome,
  };
}

/** Names values unambiguously: no name has a NUL. */
export function cellKey(cell: CellValues): string {
  const { organization, project, workstream, repository, agent, release } = cell;
  const named = `${organization ?? "\0"}\0${project ?? "\0"}\0${workstream ?? "\0"}\0${repository ?? "\0"}\0${agent ?? "\0"}`;
  return `${named}\0${release ?? "\0"}\0${cell.provider}\0${cell.model ?? "\0"}\0${cell.outcome}`;
}
