import * as z from "zod";

type Schema = z.core.$ZodType;

/** The schema behind defaults, options and transforms. */
function unwrap(schema: Schema): Schema {
  if (schema instanceof z.ZodPipe) return unwrap(schema.def.in);
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly
  ) {
    return unwrap(schema.def.innerType);
  }
  return schema;
}

/** Every schema that the value at a part of `schema` may have to meet. */
function step(schema: Schema, part: PropertyKey): readonly Schema[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) {
    const member: Schema | undefined = inner.def.shape[String(part)];
    return member === undefined ? [] : [member];
  }
  if (inner instanceof z.ZodArray) return [inner.def.element];
  if (inner instanceof z.ZodRecord) return [inner.def.valueType];
  if (inner instanceof z.ZodUnion) return inner.def.options.flatMap((option) => step(option, part));
  return [];
}

function keysOf(schema: Schema): readonly string[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) return Object.keys(inner.def.shape);
  if (inner instanceof z.ZodUnion) return inner.def.options.flatMap(keysOf);
  return [];
}

/** The keys that a schema knows at a path; none where it knows no map. */
export function knownKeys(schema: Schema, path: readonly PropertyKey[]): readonly string[] {
  let schemas: readonly Schema[] = [schema];
  for (const part of path) schemas = schemas.flatMap((each) => step(each, part));
  return [...new Set(schemas.flatMap(keysOf))];
}
