import * as names from "@tollgate/core/semconv";
import type { AttributionRule } from "@tollgate/config";

/**
 * What common attributes say, where no rule and no dialect says anything. Not `service.instance.id`: it is new with every
 * start of a process. Names: the general conventions 1.41 (service, session, user, enduser, vcs) and GenAI's.
 */
export const DEFAULT_RULES: readonly AttributionRule[] = [
  { from: "service.name", to: "project" },
  { from: names.ATTR_AGENT_NAME, to: "agent" },
  { from: "session.id", to: "session" },
  { from: names.ATTR_CONVERSATION_ID, to: "session" },
  { from: "user.email", to: "user" },
  { from: "user.id", to: "user" },
  { from: "enduser.id", to: "user" },
  { from: "vcs.repository.name", to: "repository" },
  { from: "vcs.repository.url.full", to: "repository" },
  { from: "vcs.ref.head.revision", to: "commit" },
];
