import { createMemoryStore } from "../src/index.ts";
import { describeStoreContract } from "../src/testing/index.ts";

describeStoreContract("memory", ({ clock }) => createMemoryStore({ clock }));
