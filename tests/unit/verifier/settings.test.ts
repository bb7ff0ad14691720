import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { trustDocumentSchema } from "../../../trust/schema";
import {
  parseSettings,
  readResources,
  readSettings,
  readSharedResources,
  SettingsError,
} from "../../../verifier/src/settings";
import { SETTINGS_VERSION, writtenSettings } from "../../../verifier/src/settings-version";
import { settings } from "../../support/detector";

/** Settings as they come out of a file. */
function written(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { ...JSON.parse(JSON.stringify(writtenSettings(settings()))), ...changes };
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

describe("the version of the settings", () => {
  const refused = (version: unknown, others: Record<string, unknown> = {}) =>
    messageOf(() => parseSettings(written({ version, ...others })));

  it("of a newer program is refused by an older verifier, whatever else is new in them", () => {
    const message = refused(SETTINGS_VERSION + 1, { somethingNew: true, mode: "another" });

    assert.match(
      message,
      new RegExp(
        `^version is ${SETTINGS_VERSION + 1}; this verifier reads settings of version ${SETTINGS_VERSION} only: ` +
          "the verifier is older than what has configured it\\. Use a base image \\(verifier\\.baseImage\\) of the same release",
      ),
    );
    assert.doesNotMatch(message, /somethingNew|mode/);
  });

  for (const older of [undefined, SETTINGS_VERSION - 1, "1", null]) {
    it(`${JSON.stringify(older)} is refused by a newer verifier`, () => {
      assert.match(refused(older), /^version is .*: what has configured the verifier is older than it\./);
    });
  }

  it("is raised with what a deployment and an image agree on: then this list changes", () => {
    const agreed = {
      version: SETTINGS_VERSION,
      settings: Object.keys(written()).sort(),
      trust: Object.keys(settings().trust).sort(),
      statement: Object.keys(trustDocumentSchema.shape.statements.element.shape).sort(),
      handlers: readdirSync(join(__dirname, "../../../verifier/src/handlers")).sort(),
    };

    assert.deepEqual(agreed, {
      version: 1,
      settings: [
        ...["environment", "exemptionHours", "giveUpAfterSeconds", "ledgerDays", "maxSignatures", "mode"],
        ...["onInconclusive", "stopBudget", "trust", "verdictTtlSeconds", "verificationTimeoutSeconds", "version"],
      ],
      trust: ["account", "exemptions", "logins", "partition", "region", "registries", "statements"],
      statement: ["identities", "maxAgeDays", "name", "repositories", "require", "signaturesFrom", "signedAfter"],
      handlers: ["canary.ts", "deployment.ts", "keeper.ts", "launch.ts", "sweep-worker.ts", "sweep.ts"],
    });
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
      /settings\.json is missing: this is a base image, .* Deploy with verifier\.baseImage/,
    );
    writeFileSync(file, "{");
    assert.match(
      messageOf(() => readSettings(file)),
      /settings\.json: .*JSON/,
    );
    writeFileSync(file, JSON.stringify(written({ environment: undefined })));
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
