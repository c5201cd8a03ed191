import type { AttributionKey } from "@tollgate/core";

/** What a rule writes to: a key of an attribution, or one of its tags. */
export type RuleTarget = AttributionKey | `tags.${string}`;

/** What attributes must be: a text with `*` for anything, one of several, any (`true`) or none (`false`). */
export type RuleConditions = Readonly<Record<string, string | readonly string[] | boolean>>;

/** Copies the value of an attribute, or a part of it. */
export interface CopyRule {
  /** Looked for in the record's own attributes, then in its scope's, then in its resource's. */
  readonly from: string;
  readonly to: RuleTarget;
  /** A regular expression in RE2's syntax; a value that does not match says nothing. */
  readonly match?: string | undefined;
  /**
   * With `$1` to `$9` for the groups of `match`, and `$0` for all that it matched, which is the whole value without one.
   *
   * @defaultValue `$0`
   */
  readonly value?: string | undefined;
  readonly when?: RuleConditions | undefined;
}

/** Writes fixed values where attributes are as they must be. */
export interface SetRule {
  readonly when: RuleConditions;
  readonly set: Readonly<Partial<Record<string, string>>>;
}

export type AttributionRule = CopyRule | SetRule;

/** `attribution:` in tollgate.yaml's `collector:` section. */
export interface AttributionConfig {
  /** Of each key the first rule that says something counts. */
  readonly rules: readonly AttributionRule[];
  /** Whether the built-in rules apply where no other says anything. */
  readonly defaults: boolean;
}

/** As written, where everything may be left out. */
export interface AttributionInput {
  readonly rules?: AttributionConfig["rules"] | undefined;
  readonly defaults?: boolean | undefined;
}
