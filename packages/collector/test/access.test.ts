import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createAuthenticator, type Authenticator } from "../src/access/authenticator.ts";
import { checkExposure } from "../src/access/exposure.ts";
import { createToken, type Token } from "../src/access/token.ts";
import { writeTokenFile, type TokenEntry } from "../src/access/token-file.ts";

let folder: string;
let path: string;
let nowMs = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tollgate-tokens-"));
  path = join(folder, "tokens.json");
  nowMs = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const entryOf = ({ id, hash }: Token, more: Partial<TokenEntry> = {}): TokenEntry => ({
  id,
  hash,
  scopes: ["read"],
  createdMs: 0,
  ...more,
});
const open = (): Authenticator => createAuthenticator({ path, now: () => nowMs });

describe("tokens", () => {
  test("say whose they are and what their owner may", () => {
    const token = createToken();
    writeTokenFile(path, [entryOf(token, { organization: "acme", scopes: ["ingest", "read"] })]);
    expect(open().authenticate(`Bearer ${token.text}`)).toEqual({
      tokenId: token.id,
      organization: "acme",
      scopes: new Set(["ingest", "read"]),
    });
  });

  test("are not in their file, which is for its owner alone", () => {
    const token = createToken();
    writeTokenFile(path, [entryOf(token)]);
    expect(readFileSync(path, "utf8")).not.toContain(token.text);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test.each([
    ["none", undefined],
    ["another one", `Bearer ${createToken().text}`],
    ["no bearer", "Basic abc"],
    ["something else", "Bearer tgt_x"],
  ])("%s is nobody", (_, header) => {
    writeTokenFile(path, [entryOf(createToken())]);
    expect(open().authenticate(header)).toBeUndefined();
  });

  test("of a known id with another secret is nobody", () => {
    const token = createToken();
    writeTokenFile(path, [entryOf(token)]);
    const forged = token.text.slice(0, -1) + (token.text.endsWith("A") ? "B" : "A");
    expect(open().authenticate(`Bearer ${forged}`)).toBeUndefined();
  });

  test("count soon after they were added, and no longer soon after they were taken out", () => {
    const [first, second] = [createToken(), createToken()];
    writeTokenFile(path, [entryOf(first)]);
    const authenticator = open();
    writeTokenFile(path, [entryOf(second)]);
    nowMs += 3_000;
    expect(authenticator.authenticate(`Bearer ${second.text}`)).toBeDefined();
    expect(authenticator.authenticate(`Bearer ${first.text}`)).toBeUndefined();
  });

  test("stay in force when their file is damaged or emptied", () => {
    const token = createToken();
    writeTokenFile(path, [entryOf(token)]);
    const authenticator = open();
    writeFileSync(path, '{"tokens": [');
    nowMs += 3_000;
    expect(authenticator.authenticate(`Bearer ${token.text}`)).toBeDefined();
    expect(authenticator.authenticate(undefined)).toBeUndefined();
    rmSync(path);
    nowMs += 3_000;
    expect(authenticator.authenticate(undefined)).toBeUndefined();
  });

  test("that cannot be read do not mean that none are asked for", () => {
    writeFileSync(path, "rubbish");
    expect(open).toThrow(/tokens in .*tokens\.json are not known/);
    writeFileSync(path, '{"tokens": [{"id": "abcdefgh", "hash": "x"}]}');
    expect(open).toThrow(/tokens\.0\.hash/);
  });
});

describe("without tokens", () => {
  test("a collector listens on loopback only", () => {
    for (const host of ["127.0.0.1", "::1", "localhost", "127.0.0.2"]) checkExposure(host, false);
    for (const host of ["0.0.0.0", "::", "10.0.0.1", "example.com", "127.evil.example"]) {
      expect(() => checkExposure(host, false)).toThrow(/has no tokens/);
      checkExposure(host, true);
    }
  });
});
