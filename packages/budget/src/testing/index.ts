export { describeStoreContract } from "./store-contract.ts";
export type { OpenStore } from "./store-fixture.ts";
