import assert from "node:assert/strict";
import {
  type FoundFunction,
  listDifferences,
  type WantedFunction,
} from "../../../../components/detector/running-function";

const digest = (letter: string) => `registry/verifier@sha256:${letter.repeat(64)}`;
const WANTED: WantedFunction = {
  imageUri: digest("a"),
  memorySize: 512,
  timeout: 120,
  reservedConcurrentExecutions: 50,
  variables: { EVENT_BUS: "security" },
};
const FOUND: FoundFunction = {
  imageUri: digest("a"),
  memorySize: 512,
  timeout: 120,
  reservedConcurrentExecutions: 50,
  environment: { variables: { EVENT_BUS: "security", MORE: "of somebody else" } },
};

describe("a function as Lambda has it", () => {
  it("is what was asked for", () => {
    assert.deepEqual(listDifferences(WANTED, FOUND), []);
    assert.deepEqual(listDifferences({ ...WANTED, reservedConcurrentExecutions: undefined }, FOUND), []);
  });

  it("is not, where an update of its image, its sizes, its variables or its concurrency was not done", () => {
    const found = {
      imageUri: digest("b"),
      memorySize: 256,
      timeout: 60,
      reservedConcurrentExecutions: -1,
      environment: { variables: { EVENT_BUS: "default" } },
    };

    assert.deepEqual(listDifferences(WANTED, found), [
      `image: sha256:${"b".repeat(64)} instead of sha256:${"a".repeat(64)}`,
      "memory in MiB: 256 instead of 512",
      "timeout in seconds: 60 instead of 120",
      "reserved concurrency: -1 instead of 50",
      "EVENT_BUS: default instead of security",
    ]);
  });

  it("is not doubted for an answer without a digest", () => {
    assert.deepEqual(listDifferences(WANTED, { ...FOUND, imageUri: "registry/verifier:latest" }), []);
  });
});
