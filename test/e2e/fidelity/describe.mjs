const TOLD = ["name", "message", "status", "code", "type", "error"];

/** What a program can tell of an error. */
export function describeError(error) {
  return {
    class: error.constructor.name,
    ...Object.fromEntries(TOLD.map((key) => [key, error[key]])),
    hasHeaders: error.headers instanceof Headers,
    cause: error.cause?.name,
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

/** Everything that came before the app gave up, once the provider has fallen silent. */
export async function collectUntil(iterable, abort) {
  setTimeout(() => abort(), 150);
  return collect(iterable);
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
