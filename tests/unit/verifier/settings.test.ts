import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  parseSettings,
  readResources,
  readSettings,
  readSharedResources,
  SettingsError,
} from "../../../verifier/src/settings";
import { settings } from "../../support/detector";

/** Settings as they come out of a file. */
function written(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { ...JSON.parse(JSON.stringify(settings())), ...changes };
}

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return assert.fail("nothing was refused");
}

describe("the settings", () => {
  it("survive JSON, the trust document included", () => {
    assert.deepEqual(parseSettings(written()), settings());
  });

  const wrong: [key: string, value: unknown][] = [
    ["environment", ""],
    ["environment", "x".repeat(65)],
    ["mode", "Enforce"],
    ["mode", undefined],
    ["onInconclusive", "stop"],
    ["giveUpAfterSeconds", -1],
    ["giveUpAfterSeconds", 181],
    ["verdictTtlSeconds", "300"],
    ["verdictTtlSeconds", 3601],
    ["verificationTimeoutSeconds", 0],
    ["maxSignatures", 1.5],
    ["stopBudget", -1],
    ["stopBudget", null],
    ["ledgerDays", 0],
    ["trust", undefined],
    ["stopbudget", 3],
  ];
  for (const [key, value] of wrong) {
    it(`are refused with ${key} ${JSON.stringify(value)}, which the message names`, () => {
      assert.match(
        messageOf(() => parseSettings(written({ [key]: value }))),
        new RegExp(`\\b${key}\\b`),
      );
    });
  }

  it("are refused with all their mistakes at once", () => {
    const message = messageOf(() => parseSettings(written({ mode: "off", ledgerDays: -1 })));

    assert.match(message, /mode: .*; ledgerDays: /);
  });

  it("are refused for their trust document, with the path of the mistake", () => {
    const trust = { ...JSON.parse(JSON.stringify(settings().trust)), statements: [] };

    assert.match(
      messageOf(() => parseSettings(written({ trust }))),
      /^trust: .*statements/s,
    );
  });

  it("are those of an environment whose exemption has expired meanwhile", () => {
    const expired = {
      image: `public.ecr.aws/vendor/agent@sha256:${"a".repeat(64)}`,
      owner: "platform-team",
      reason: "vendor image",
      expires: "2020-01-01",
    };
    const trust = { ...JSON.parse(JSON.stringify(settings().trust)), exemptions: [expired] };

    assert.equal(parseSettings(written({ trust })).trust.exemptions.length, 1);
  });
});

describe("the settings file", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "settings-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is read", () => {
    const file = join(folder, "settings.json");
    writeFileSync(file, JSON.stringify(written()));

    assert.equal(readSettings(file).environment, "prod");
  });

  it("is named by the error when it is missing, no JSON, or wrong inside", () => {
    const file = join(folder, "settings.json");
    assert.match(
      messageOf(() => readSettings(file)),
      /settings\.json: ENOENT/,
    );
    writeFileSync(file, "{");
    assert.match(
      messageOf(() => readSettings(file)),
      /settings\.json: .*JSON/,
    );
    writeFileSync(file, "{}");
    assert.match(
      messageOf(() => readSettings(file)),
      /settings\.json: environment: /,
    );
  });
});

describe("the environment variables", () => {
  const good = {
    LEDGER_TABLE: "ledger",
    EVENT_BUS: "default",
    NOTIFICATION_TOPIC: "arn:aws:sns:eu-west-1:111122223333:verdicts",
    AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/verifier",
    POSTPONED_QUEUE_URL: "https://sqs.eu-west-1.amazonaws.com/111122223333/postponed",
    ORDERS_TABLE: "orders",
    ORDERS_KEY_ARN: "arn:aws:kms:eu-west-1:111122223333:key/0d990263-018e-4e65-a703-eff731de951e",
  };

  it("are read, and others let be", () => {
    assert.deepEqual(readResources({ ...good, PATH: "/bin" }), good);
  });

  it("can name a runbook, for launches and deployments", () => {
    const env = { ...good, RUNBOOK_URL: "https://wiki.example.com/runbook" };

    assert.deepEqual(
      [readResources(env).RUNBOOK_URL, readSharedResources(env).RUNBOOK_URL],
      [env.RUNBOOK_URL, env.RUNBOOK_URL],
    );
  });

  it("can turn findings on, and nothing else of them", () => {
    assert.equal(readResources({ ...good, FINDINGS: "true" }).FINDINGS, "true");
    assert.match(
      messageOf(() => readResources({ ...good, FINDINGS: "yes" })),
      /FINDINGS/,
    );
  });

  for (const name of Object.keys(good)) {
    it(`are refused without ${name}, which the message names`, () => {
      assert.match(
        messageOf(() => readResources({ ...good, [name]: undefined })),
        new RegExp(name),
      );
      assert.match(
        messageOf(() => readResources({ ...good, [name]: "" })),
        new RegExp(name),
      );
    });
  }

  it("are refused with a queue that is no URL", () => {
    assert.match(
      messageOf(() => readResources({ ...good, POSTPONED_QUEUE_URL: "postponed" })),
      /POSTPONED_QUEUE_URL: must be the URL of an SQS queue/,
    );
  });

  it("are refused with a topic that is no ARN of SNS", () => {
    assert.match(
      messageOf(() => readResources({ ...good, NOTIFICATION_TOPIC: "verdicts" })),
      /NOTIFICATION_TOPIC: must be the ARN of an SNS topic/,
    );
  });
});
