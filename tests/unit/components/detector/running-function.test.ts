import assert from "node:assert/strict";
import * as lambda from "@pulumi/aws/lambda";
import {
  type FoundFunction,
  listDifferences,
  versionOfRunning,
  type WantedFunction,
} from "../../../../components/detector/running-function";
import { runProgram } from "../run-program";

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

  it("has a version that is known only where Lambda says that it is as asked for", async () => {
    /** Asks for an image where Lambda has one that ends with "a". */
    const version = async (asked: string, preview: boolean) => {
      const wanted = { memorySize: undefined, timeout: undefined, reservedConcurrentExecutions: 50, variables: {} };
      const { outputs } = await runProgram(
        () => {
          const made = new lambda.Function("gate", { name: "gate", role: "arn:role", imageUri: digest("a") });
          return { version: versionOfRunning(made, { ...wanted, imageUri: digest(asked) }, made) };
        },
        { preview, states: { "aws:lambda/function:Function": { version: "7" } } },
      );
      return outputs.version;
    };

    assert.equal(await version("a", false), "7");
    assert.equal(await version("b", true), "7");
    await assert.rejects(version("b", false), {
      name: "FunctionOutOfDateError",
      message: /gate:7 differs from this deployment: image: .* so that a version is published/,
    });
  });

  it("is not doubted for an answer without a digest", () => {
    assert.deepEqual(listDifferences(WANTED, { ...FOUND, imageUri: "registry/verifier:latest" }), []);
  });
});
