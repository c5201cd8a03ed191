import {
  defaultResource,
  detectResources,
  envDetector,
  hostDetector,
  osDetector,
  processDetector,
  serviceInstanceIdDetector,
  type Resource,
} from "@opentelemetry/resources";

/** The same resource that a NodeSDK gives an app by default, `OTEL_RESOURCE_ATTRIBUTES` included. */
export function createResource(): Resource {
  return defaultResource().merge(
    detectResources({
      detectors: [
        serviceInstanceIdDetector,
        processDetector,
        hostDetector,
        osDetector,
        envDetector,
      ],
    }),
  );
}

/** `service.name`, which the resource always has. */
export function serviceNameOf(resource: Resource): string {
  const name = resource.attributes["service.name"];
  return typeof name === "string" ? name : "unknown_service:node";
}
