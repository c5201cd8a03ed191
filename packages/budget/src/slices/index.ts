export { createSlicedStore } from "./sliced-store.ts";
export type { SlicedStoreOptions } from "./sliced-store.ts";
