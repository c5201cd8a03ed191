/**
 * Who and what a call is charged to.
 *
 * Organisation, project and agent may become metric labels. All others vary without bound and go
 * to spans and the ledger only.
 */
export interface Attribution {
  readonly organization?: string | undefined;
  readonly project?: string | undefined;
  readonly task?: string | undefined;
  readonly agent?: string | undefined;
  /** Which turn of an agent's loop, counted from 1. */
  readonly iteration?: number | undefined;
  readonly checkpoint?: string | undefined;
  readonly session?: string | undefined;
  readonly user?: string | undefined;
  readonly workstream?: string | undefined;
  readonly repository?: string | undefined;
  readonly commit?: string | undefined;
  readonly release?: string | undefined;
  /** Anything else. Never a metric label. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

export type AttributionKey = Exclude<keyof Attribution, "iteration" | "tags">;

/** The members of an attribution that are plain strings, in the order of their hierarchy. */
export const ATTRIBUTION_KEYS: readonly AttributionKey[] = [
  "organization",
  "project",
  "task",
  "agent",
  "checkpoint",
  "session",
  "user",
  "workstream",
  "repository",
  "commit",
  "release",
];

/**
 * Lays attributions over each other: a later one wins where it says something, tags merge key by
 * key. `undefined` layers are skipped.
 */
export function mergeAttribution(...layers: readonly (Attribution | undefined)[]): Attribution {
  const said = layers.filter((layer) => layer !== undefined);
  if (said.length <= 1) return said[0] ?? {};
  const merged: Record<string, unknown> = {};
  let tags: Record<string, string> | undefined;
  for (const layer of said) {
    let key: keyof Attribution;
    for (key in layer) {
      const value = layer[key];
      if (value !== undefined && key !== "tags") merged[key] = value;
    }
    if (layer.tags) tags = { ...tags, ...layer.tags };
  }
  return tags ? { ...merged, tags } : merged;
}
