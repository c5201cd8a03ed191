import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from "fastify-type-provider-zod";
import type { ApiParts } from "./api.ts";
import { handleError } from "./problem.ts";
import { ROUTES } from "./routes/index.ts";

const DESCRIPTION =
  "Usage of language models: who spent what, on what. Amounts of money are given twice: in US dollars, for people, and exactly, in billionths of one.";

/** Adds REST, its OpenAPI document (`/openapi.json`) and a page to read it on (`/docs`) to a server. */
export async function addApi(app: FastifyInstance, parts: ApiParts): Promise<void> {
  await app.register(async (scope) => {
    const api = scope.withTypeProvider<ZodTypeProvider>();
    api.setValidatorCompiler(validatorCompiler);
    api.setSerializerCompiler(serializerCompiler);
    api.setErrorHandler(handleError);
    await api.register(swagger, {
      openapi: {
        openapi: "3.1.0",
        info: { title: "Tollgate", description: DESCRIPTION, version: "1" },
        components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
        security: [{ token: [] }],
      },
      transform: jsonSchemaTransform,
    });
    await api.register(swaggerUi, { routePrefix: "/docs", staticCSP: true });
    for (const routes of ROUTES) routes(api, parts);
    api.get("/openapi.json", { schema: { hide: true } }, async () => api.swagger());
  });
}
