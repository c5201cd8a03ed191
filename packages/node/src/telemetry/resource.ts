import { hostname } from "node:os";
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
  type Resource,
} from "@opentelemetry/resources";

/**
 * What every signal says of this process: service name and instance, host, process id, and what
 * `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` add.
 *
 * Fewer attributes than a NodeSDK detects, on purpose: `/metrics` shows them all, and command lines hold
 * secrets.
 */
export function createResource(): Resource {
  const own = { "host.name": hostname(), "process.pid": process.pid };
  return defaultResource()
    .merge(resourceFromAttributes(own))
    .merge(detectResources({ detectors: [serviceInstanceIdDetector, envDetector] }));
}

/** `service.name`, which the resource always has. */
export function serviceNameOf(resource: Resource): string {
  const name = resource.attributes["service.name"];
  return typeof name === "string" ? name : "unknown_service:node";
}
