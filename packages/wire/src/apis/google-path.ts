/**
 * Google's paths name the model and the method: `…/models/{model}:{method}`. A model of Vertex AI is
 * below a publisher or a project, whatever the host: `…/publishers/google/models/{model}:{method}`,
 * `…/projects/{project}/locations/{location}/endpoints/{endpoint}:{method}`.
 */
export type GoogleCloud = "gcp.gemini" | "gcp.vertex_ai";

/** Whose method a path names. */
export function cloudOf(path: string): GoogleCloud {
  return path.includes("/publishers/") || path.includes("/projects/")
    ? "gcp.vertex_ai"
    : "gcp.gemini";
}

/** The model a path names, `undefined` when it names none. */
export function modelOfGooglePath(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const colon = path.lastIndexOf(":");
  const slash = path.lastIndexOf("/", colon);
  const name = colon < 0 || slash < 0 ? "" : decode(path.slice(slash + 1, colon));
  return name === "" ? undefined : name;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
