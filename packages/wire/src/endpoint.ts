/** Who answers at a host that is not known by itself: a gateway, a proxy, a server of one's own. */
export interface Endpoint {
  /**
   * A host name (`llm.internal`), with a port if only that one is meant (`localhost:8000`), or
   * everything below a domain (`*.llm.internal`).
   */
  readonly host: string;
  /** `gen_ai.provider.name` of its calls; decides on prices and on how its answers are read. */
  readonly provider: string;
  /**
   * The API that it speaks where its paths do not say so, or say something else: one of
   * {@link API_IDS}.
   */
  readonly api?: string | undefined;
}

/** The first endpoint that a host falls under. */
export function findEndpoint(
  endpoints: readonly Endpoint[],
  host: string,
  port: number,
): Endpoint | undefined {
  if (endpoints.length === 0) return undefined;
  const withPort = `${host}:${port}`;
  return endpoints.find((endpoint) => {
    const pattern = endpoint.host.toLowerCase();
    if (!pattern.startsWith("*.")) return pattern === host || pattern === withPort;
    const suffix = pattern.slice(1);
    return host.endsWith(suffix) || withPort.endsWith(suffix);
  });
}
