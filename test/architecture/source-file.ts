import { parseSync, Visitor } from "oxc-parser";

/** Globals that only Node has; a name in types counts too. */
const NODE_GLOBALS: ReadonlySet<string> = new Set([
  "process",
  "Buffer",
  "NodeJS",
  "require",
  "global",
  "__dirname",
  "__filename",
  "setImmediate",
  "clearImmediate",
]);

/** What the architecture cares about in one file. */
export interface SourceFile {
  /** Module specifiers of imports, re-exports, `import()` and `import("…")` types. */
  readonly imports: readonly string[];
  /** Specifiers of `import()` that are computed: nobody can say what they load. */
  readonly computedImports: number;
  readonly nodeGlobals: readonly string[];
  /** Values of string literals and first parts of templates, `Symbol.for` keys left out. */
  readonly strings: readonly string[];
}

interface Node {
  readonly type: string;
  readonly start: number;
}

/** What is inside parentheses, `as`, `satisfies` and `!`. */
function unwrap(node: Node): Node {
  return "expression" in node && isNode(node.expression) && node.type !== "ChainExpression"
    ? unwrap(node.expression)
    : node;
}

function isNode(value: unknown): value is Node {
  return (
    typeof value === "object" &&
    value !== null &&
    "type" in value &&
    typeof value.type === "string" &&
    "start" in value &&
    typeof value.start === "number"
  );
}

function nameOf(node: Node): string | undefined {
  if (node.type === "Identifier" && "name" in node && typeof node.name === "string") {
    return node.name;
  }
  return stringOf(node);
}

function stringOf(node: Node): string | undefined {
  return node.type === "Literal" && "value" in node && typeof node.value === "string"
    ? node.value
    : undefined;
}

/** Reads one TypeScript file. @throws when it does not parse. */
export function readSource(path: string, text: string): SourceFile {
  const { program, errors } = parseSync(path, text);
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`);
  const imports: string[] = [];
  const strings = new Map<number, string>();
  const identifiers = new Map<number, string>();
  const reached: string[] = [];
  let computedImports = 0;

  const addImport = (source: Node | null): void => {
    if (source === null) return;
    const specifier = stringOf(source);
    if (specifier === undefined) computedImports += 1;
    else imports.push(specifier);
  };
  /** A key is a name, not a use of what it names. */
  const forgetKey = (node: { readonly computed?: boolean; readonly key: Node }): void => {
    if (!node.computed) keys.add(node.key.start);
  };
  const keys = new Set<number>();

  new Visitor({
    ImportDeclaration: (node) => addImport(node.source),
    ExportNamedDeclaration: (node) => addImport(node.source),
    ExportAllDeclaration: (node) => addImport(node.source),
    ImportExpression: (node) => addImport(node.source),
    TSImportType: (node) => addImport(node.source),
    TSExternalModuleReference: (node) => addImport(node.expression),
    Literal: (node) => {
      if (typeof node.value === "string") strings.set(node.start, node.value);
    },
    TemplateLiteral: (node) => {
      const first = node.quasis[0];
      if (first) strings.set(first.start, first.value.raw);
    },
    Identifier: (node) => {
      identifiers.set(node.start, node.name);
    },
    CallExpression: (node) => {
      const [argument] = node.arguments;
      if (argument && text.slice(node.callee.start, node.callee.end) === "Symbol.for") {
        keys.add(argument.start);
      }
    },
    MemberExpression: (node) => {
      const property = nameOf(node.property);
      if (!node.computed) keys.add(node.property.start);
      if (nameOf(unwrap(node.object)) === "globalThis" && property) reached.push(property);
    },
    Property: (node) => {
      if (!node.shorthand) forgetKey(node);
    },
    PropertyDefinition: forgetKey,
    MethodDefinition: forgetKey,
    TSPropertySignature: forgetKey,
    TSMethodSignature: forgetKey,
  }).visit(program);

  const used = [...identifiers].filter(([start]) => !keys.has(start)).map(([, name]) => name);
  return {
    imports,
    computedImports,
    nodeGlobals: [...new Set([...used, ...reached])].filter((name) => NODE_GLOBALS.has(name)),
    strings: [...strings].filter(([start]) => !keys.has(start)).map(([, value]) => value),
  };
}
