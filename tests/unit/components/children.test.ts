import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { type Child, mergeArgs, prepareChildren } from "../../../components/children";
import { ImageVerification } from "../../../components/image-verification";
import type { ImageVerificationChildren } from "../../../components/image-verification-args";
import { MACHINE } from "./machine";
import { named, type RunOptions, runProgram } from "./run-program";
import { BEHAVIOUR, TRUST } from "./settings";

function run(children: ImageVerificationChildren, options?: RunOptions) {
  return runProgram(
    () =>
      void new ImageVerification("app", {
        trust: TRUST,
        behaviour: BEHAVIOUR,
        verifier: { source: { context: "/checkout/verifier", contentHash: "c0ffee" } },
        sampleWorkload: true,
        notifications: { slack: { webhookUrl: "https://hooks.slack.example/secret" } },
        machine: MACHINE,
        children,
      }),
    options,
  );
}

interface Queues {
  readonly queue?: Child<{ readonly name: string }>;
}

describe("what a program says of a component's children", () => {
  it("sets a property that the component leaves alone, and nothing else", async () => {
    const before = await run({});
    const after = await run({ verifier: { function: { args: { tracingConfig: { mode: "Active" } } } } });

    const differing = after.resources.filter(
      ({ name, inputs }) => JSON.stringify(inputs) !== JSON.stringify(named(before, name).inputs),
    );
    assert.deepEqual(
      differing.map(({ name }) => name),
      ["app-verifier-function"],
    );
    assert.deepEqual(named(after, "app-verifier-function").inputs, {
      ...named(before, "app-verifier-function").inputs,
      tracingConfig: { mode: "Active" },
    });
    assert.deepEqual(after.warnings, []);
  });

  it("reaches every part, those of a chat as well", async () => {
    const result = await run({
      signingProfile: { profile: { args: { namePrefix: "release_" } } },
      image: { repository: { args: { imageScanningConfiguration: { scanOnPush: false } } } },
      ledger: { table: { args: { tableClass: "STANDARD_INFREQUENT_ACCESS" } } },
      notifications: {
        topic: { args: { displayName: "Images" } },
        slack: { target: { args: { retryPolicy: { maximumEventAgeInSeconds: 60 } } } },
      },
      check: { invocation: { args: { tenantId: "platform" } } },
      detector: { rule: { args: { description: "Launches" } } },
      alarms: { errors: { args: { threshold: 1 } } },
      sample: { signedTask: { args: { cpu: "1024" } } },
    });

    assert.equal(named(result, "app-signing-profile").inputs.namePrefix, "release_");
    assert.deepEqual(named(result, "app-image-repository").inputs.imageScanningConfiguration, { scanOnPush: false });
    assert.equal(named(result, "app-ledger-table").inputs.tableClass, "STANDARD_INFREQUENT_ACCESS");
    assert.equal(named(result, "app-notifications-topic").inputs.displayName, "Images");
    assert.deepEqual(named(result, "app-notifications-slack-target").inputs.retryPolicy, {
      maximumEventAgeInSeconds: 60,
      maximumRetryAttempts: 185,
    });
    assert.equal(named(result, "app-check-invocation").inputs.tenantId, "platform");
    assert.equal(named(result, "app-detector-rule").inputs.description, "Launches");
    assert.equal(named(result, "app-alarms-errors").inputs.threshold, 1);
    assert.equal(named(result, "app-sample-signed-task").inputs.cpu, "1024");
    assert.deepEqual(result.warnings, []);
  });

  it("adds a variable to the function's and leaves those that it needs, with a warning", async () => {
    const { resources, warnings } = await run({
      verifier: { function: { args: { environment: { variables: { TEAM: "platform" } } } } },
    });

    const { environment } = named({ resources }, "app-verifier-function").inputs;
    assert.deepEqual(Object.keys((environment as { variables: object }).variables).sort(), [
      "EVENT_BUS",
      "LEDGER_TABLE",
      "NOTIFICATION_TOPIC",
      "ORDERS_KEY_ARN",
      "ORDERS_TABLE",
      "POSTPONED_QUEUE_URL",
      "TEAM",
    ]);
    assert.deepEqual(warnings, [
      "children.function.args.environment changes an argument that the verification of images depends on: see docs/components.md.",
    ]);
  });

  it("is compared with what Lambda runs: another size than the component's is what was asked for", async () => {
    const result = await run({ verifier: { function: { args: { memorySize: 1024 } } } });

    assert.equal(named(result, "app-verifier-function").inputs.memorySize, 1024);
  });

  it("warns in a preview of what would weaken the verification", async () => {
    const { warnings } = await run(
      { detector: { rule: { args: { state: "DISABLED" } } }, verifier: { acting: { args: { policy: "{}" } } } },
      { preview: true },
    );

    assert.deepEqual(
      warnings.map((warning) => warning.split(" ")[0]),
      ["children.acting.args.policy", "children.rule.args.state"],
    );
  });

  it("is not kept with the arguments of the components", async () => {
    const { resources } = await run({
      verifier: { function: { args: { description: "judges" } } },
      notifications: { slack: { rule: { args: { description: "tells" } } } },
    });

    assert.deepEqual(
      resources.filter(({ inputs }) => "children" in inputs),
      [],
    );
  });

  it("adds options to those of the component; the parent stays", async () => {
    let options: pulumi.CustomResourceOptions = {};
    let component: pulumi.ComponentResource | undefined;

    await runProgram(() => {
      component = new pulumi.ComponentResource("test:index:Component", "app");
      const given: Queues = { queue: { options: { ignoreChanges: ["tags"], protect: true } } };
      const child = prepareChildren(component, given, { queue: [] });
      [, options] = child("queue", { name: "queue" }, { ignoreChanges: ["name"], deleteBeforeReplace: true });
    });

    const { parent, ...others } = options;
    assert.equal(parent, component);
    assert.deepEqual(others, { ignoreChanges: ["name", "tags"], deleteBeforeReplace: true, protect: true });
  });
});

describe("mergeArgs", () => {
  it("merges objects key by key", () => {
    assert.deepEqual(mergeArgs({ a: { b: 1, c: 2 } }, { a: { c: 3, d: 4 } }), { a: { b: 1, c: 3, d: 4 } });
  });

  it("puts lists and texts in the place of those that are there", () => {
    assert.deepEqual(mergeArgs({ list: [1, 2], text: "a" }, { list: [3], text: "b" }), { list: [3], text: "b" });
  });

  it("changes nothing by undefined", () => {
    assert.deepEqual(mergeArgs({ a: 1 }, { a: undefined }), { a: 1 });
  });

  it("leaves an output as it is where a text takes its place", () => {
    assert.deepEqual(mergeArgs({ image: pulumi.output("one") }, { image: "two" }), { image: "two" });
  });

  it("merges objects that are known only while Pulumi runs", async () => {
    const { outputs } = await runProgram(() => ({
      behind: mergeArgs({ args: pulumi.output({ SETTINGS: "1" }) }, { args: { EXTRA: "2" } }),
      before: mergeArgs({ args: { SETTINGS: "1" } }, { args: Promise.resolve({ EXTRA: "2" }) }),
    }));

    const both = { args: { SETTINGS: "1", EXTRA: "2" } };
    assert.deepEqual(outputs, { behind: both, before: both });
  });
});
