import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { DescribeImageSigningStatusCommand, ECRClient, GetAuthorizationTokenCommand } from "@aws-sdk/client-ecr";
import { mockClient } from "aws-sdk-client-mock";
import { startDetector } from "../../../../../verifier/src/detector/start";
import { writtenSettings } from "../../../../../verifier/src/settings-version";
import { startVerification } from "../../../../../verifier/src/verification/on-this-machine";
import { referenceSubject } from "../../../../../verifier/src/verification/subject";
import { settings } from "../../../../support/detector";
import { DIGEST, IMAGE } from "../../../../support/launch-events";
import { writeUnsignedNotation } from "../../../../support/unsigned-notation";
import { release } from "../../../trust/documents";
import { resolve } from "../../../trust/resolved";

describe("an image without a signature, while ECR's managed signing is at work", () => {
  const ecr = mockClient(ECRClient);
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "managed-signing-"));
    await writeUnsignedNotation(join(folder, "notation-verifier"));
    ecr.reset();
    ecr.on(GetAuthorizationTokenCommand).resolves({
      authorizationData: [
        {
          authorizationToken: Buffer.from("AWS:made-up").toString("base64"),
          expiresAt: new Date(Date.now() + 12 * 3_600_000),
        },
      ],
    });
    ecr.on(DescribeImageSigningStatusCommand).resolves({
      signingStatuses: [{ signingProfileArn: release, status: "IN_PROGRESS" }],
    });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  after(() => ecr.restore());

  it("is in progress for the function", async () => {
    await writeFile(join(folder, "settings.json"), JSON.stringify(writtenSettings(settings())));
    const resources = {
      LEDGER_TABLE: "ledger",
      EVENT_BUS: "default",
      NOTIFICATION_TOPIC: "arn:aws:sns:eu-west-1:111122223333:verdicts",
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/verifier",
      POSTPONED_QUEUE_URL: "https://sqs.eu-west-1.amazonaws.com/111122223333/postponed",
      ORDERS_TABLE: "orders",
      ORDERS_KEY_ARN: "arn:aws:kms:eu-west-1:111122223333:key/0d990263-018e-4e65-a703-eff731de951e",
    };
    const dynamodb = mockClient(DynamoDBClient);
    dynamodb.on(QueryCommand).resolves({ Items: [] });
    const { detector, notation } = startDetector(resources, folder);
    try {
      const { status, code } = await detector.judge(referenceSubject(IMAGE));

      assert.deepEqual([status, code], ["inconclusive", "signing-in-progress"]);
    } finally {
      dynamodb.restore();
      await notation.stop();
    }
  });

  it("is in progress for an operator, and asked about with the client that had asked for the credentials", async () => {
    const verification = await startVerification({
      trust: resolve(),
      roots: [],
      plugin: "made-up",
      executable: join(folder, "notation-verifier"),
      timeoutMs: 5000,
      plainHttp: false,
    });
    try {
      const { status, code, digest } = await verification.verify(IMAGE);

      assert.deepEqual([status, code, digest], ["inconclusive", "signing-in-progress", DIGEST]);
      const [first, second, ...more] = ecr.calls();
      assert.equal(first?.thisValue, second?.thisValue);
      assert.deepEqual(more, []);
    } finally {
      await verification.stop();
    }
  });
});
