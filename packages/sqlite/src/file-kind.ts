/** What a file is for, as messages say it and as the file itself tells. */
export interface FileKind {
  /** Such as `budget store`. */
  readonly name: string;
  /** What may be written in its place, such as `./budget.db`. */
  readonly examplePath: string;
  /** Who writes such files: what to update when a newer version did. */
  readonly packageName: string;
  /** What it means that one cannot be read, in a sentence or two. */
  readonly whenLost: string;
  /** Marks the file as one of this kind; four ASCII characters as a number. */
  readonly applicationId: number;
  /** The steps that made its tables what they are; `user_version` counts the ones that a file has had. */
  readonly migrations: readonly string[];
}
