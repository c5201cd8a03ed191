import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { packageConfig } from "../../tsdown.base.ts";

/** Runs `src/catalogue-data.ts` now and ships what it makes, with the licence of those who gathered it. */
const bakedCatalogue = {
  name: "baked-catalogue",
  async load(id: string): Promise<{ code: string; map: { mappings: "" } } | undefined> {
    if (!id.endsWith("/src/catalogue-data.ts")) return undefined;
    const { CATALOGUE_JSON }: { CATALOGUE_JSON: string } = await import(pathToFileURL(id).href);
    const entry = import.meta.resolve("@pydantic/genai-prices");
    const licence = await readFile(new URL("../LICENSE", entry), "utf8");
    const code = `/*! Price data of genai-prices.\n\n${licence.trim()}\n*/
export const CATALOGUE_JSON = ${JSON.stringify(CATALOGUE_JSON)};`;
    return { code, map: { mappings: "" } };
  },
};

export default packageConfig(
  { index: "src/index.ts", estimate: "src/estimate/index.ts", refresh: "src/refresh/index.ts" },
  { plugins: [bakedCatalogue] },
);
