/** What a program can tell of an error. */
export function describeError(error) {
  return {
    class: error?.constructor?.name,
    name: error?.name,
    message: error?.message,
    status: error?.status,
    code: error?.code,
    type: error?.type,
    body: error?.error,
    hasHeaders: error?.headers instanceof Headers || typeof error?.headers === "object",
    cause: error?.cause instanceof Error ? error.cause.name : undefined,
  };
}

/** Everything that an async iterable gives, and the error that ended it. */
export async function collect(iterable, onItem = () => {}) {
  const items = [];
  try {
    for await (const item of iterable) {
      items.push(item);
      if (onItem(items.length) === "break") break;
    }
    return { items };
  } catch (error) {
    return { items, thrown: describeError(error) };
  }
}

/** What a program can tell of a response without reading it. */
export function describeResponse(response) {
  return {
    isResponse: response instanceof Response,
    class: response.constructor.name,
    tag: Object.prototype.toString.call(response),
    status: response.status,
    ok: response.ok,
    url: response.url.replace(/:\d+/, ""),
    redirected: response.redirected,
    type: response.type,
    bodyUsed: response.bodyUsed,
    contentType: response.headers.get("content-type"),
    ownKeys: Reflect.ownKeys(response).map(String),
  };
}
