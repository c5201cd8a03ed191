/** What `scope` can say that `id` names, for one sum over all that is of it. */
export const SUMMARY_SCOPES = [
  "task",
  "workstream",
  "repository",
  "commit",
  "release",
  "agent",
  "project",
  "organization",
  "model",
  "session",
] as const;
