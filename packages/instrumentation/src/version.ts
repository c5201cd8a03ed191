/** The name of our tracer and meter. */
export const INSTRUMENTATION_NAME = "@tollgate/instrumentation";
export const INSTRUMENTATION_VERSION = "0.0.0";
