import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";
import { startApi } from "./start-api.ts";

test("the OpenAPI document is valid", async () => {
  const { ask } = await startApi();
  const { body } = await ask("GET", "/openapi.json");
  if (typeof body !== "object" || body === null) throw new Error("no document");
  const result = await new Validator().validate({ ...body });
  expect(result).toEqual({ valid: true });
});
