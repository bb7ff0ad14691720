import assert from "node:assert/strict";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { environmentEvent } from "../../../automation/environments/events";

const PREFIX = "urn:pulumi:dev::ecs-image-verification::";
const FUNCTION = `${PREFIX}ecs-image-verification:components:VerifierFunction$aws:lambda/function:Function::verifier-function`;
const resource = { urn: FUNCTION, type: "aws:lambda/function:Function", name: "verifier-function" };

/** As the CLI sends it; the types of the Automation API know more fields than are looked at, and not every severity. */
const engineEvent = (event: object) => ({ sequence: 1, timestamp: 0, ...event }) as EngineEvent;
const metadata = { op: "update", urn: FUNCTION, type: "aws:lambda/function:Function", diffs: ["imageUri"] };
const diagnostic = (severity: string, more: object = {}) =>
  engineEvent({ diagnosticEvent: { severity, message: "<{%fg 1%}>AccessDenied<{%reset%}>\n", color: "raw", ...more } });

describe("automation: the events of an operation", () => {
  for (const [name, phase] of [
    ["resourcePreEvent", "started"],
    ["resOutputsEvent", "done"],
    ["resOpFailedEvent", "failed"],
  ] as const) {
    it(`a resource is ${phase}`, () => {
      assert.deepEqual(environmentEvent(engineEvent({ [name]: { metadata } })), {
        type: "resource",
        phase,
        operation: "update",
        resource,
        changed: ["imageUri"],
      });
    });
  }

  for (const op of ["same", "refresh"]) {
    it(`leaves out resources of which nothing is changed: ${op}`, () => {
      assert.equal(environmentEvent(engineEvent({ resourcePreEvent: { metadata: { ...metadata, op } } })), undefined);
    });
  }

  it("leaves out the providers that nobody asked for, and shows the others", () => {
    const provider = (name: string) =>
      environmentEvent(
        engineEvent({ resourcePreEvent: { metadata: { ...metadata, urn: `${PREFIX}pulumi:providers:aws::${name}` } } }),
      );

    assert.deepEqual([provider("default"), provider("default_7_48_0")], [undefined, undefined]);
    assert.equal(provider("other-region")?.type, "resource");
  });

  it("a message, without marks for colours, with its resource", () => {
    assert.deepEqual(environmentEvent(diagnostic("error", { urn: FUNCTION })), {
      type: "message",
      severity: "error",
      message: "AccessDenied",
      resource,
    });
  });

  it("leaves out debugging, which holds the properties of resources, and what is for a moment only", () => {
    assert.equal(environmentEvent(diagnostic("debug")), undefined);
    assert.equal(environmentEvent(diagnostic("info", { ephemeral: true })), undefined);
  });

  it("a violation, of a resource or of the stack", () => {
    const policyEvent = {
      policyPackName: "ecs-image-verification",
      policyName: "digest-pinned",
      enforcementLevel: "mandatory",
      message: "by tag",
      resourceUrn: FUNCTION,
    };
    const violation = { type: "violation", pack: "ecs-image-verification", policy: "digest-pinned", message: "by tag" };

    assert.deepEqual(environmentEvent(engineEvent({ policyEvent })), { ...violation, level: "mandatory", resource });
    assert.deepEqual(
      environmentEvent(engineEvent({ policyEvent: { ...policyEvent, enforcementLevel: "warning", resourceUrn: "" } })),
      { ...violation, level: "advisory" },
    );
  });

  it("the end, with numbers", () => {
    const summaryEvent = { resourceChanges: { create: 2, same: 40 }, durationSeconds: 7, maybeCorrupt: false };

    assert.deepEqual(environmentEvent(engineEvent({ summaryEvent })), {
      type: "summary",
      changes: { create: 2, same: 40 },
      seconds: 7,
    });
  });

  it("a resource whose name has colons", () => {
    const event = environmentEvent(
      engineEvent({ resourcePreEvent: { metadata: { ...metadata, urn: `${PREFIX}aws:sqs/queue:Queue::a::b` } } }),
    );

    assert.ok(event?.type === "resource");
    assert.deepEqual([event.resource.type, event.resource.name], ["aws:sqs/queue:Queue", "a::b"]);
  });
});
