import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { DescribeImageSigningStatusCommand, ECRClient, ECRServiceException } from "@aws-sdk/client-ecr";
import { mockClient } from "aws-sdk-client-mock";
import { startAws } from "../../../../../local/aws";
import { AwsRefusal } from "../../../../../local/aws-answers";
import { listenOnLoopback } from "../../../../../local/listen";
import { ecrClients } from "../../../../../verifier/src/verification/registry/ecr-clients";
import {
  askManagedSigning,
  SIGNING_ANSWER_LIMIT_MS,
} from "../../../../../verifier/src/verification/registry/managed-signing";
import { digest, release } from "../../../trust/documents";

const IMAGE = { registry: "444455556666.dkr.ecr.us-east-1.amazonaws.com", repository: "team/app", digest };
const OPERATION = "AmazonEC2ContainerRegistry_V20150921.DescribeImageSigningStatus";

describe("the question to ECR's managed signing", () => {
  const ecr = mockClient(ECRClient);
  beforeEach(() => ecr.reset());
  after(() => ecr.restore());

  it("is about the digest, in the registry's account and region", async () => {
    ecr.on(DescribeImageSigningStatusCommand).resolves({});
    const regions: string[] = [];
    const ask = askManagedSigning((region) => {
      regions.push(region);
      return new ECRClient({ region });
    });

    const answer = await ask(IMAGE, 5000);

    assert.deepEqual(answer, { profiles: [] });
    assert.deepEqual(regions, ["us-east-1"]);
    assert.deepEqual(ecr.commandCalls(DescribeImageSigningStatusCommand)[0]?.args[0].input, {
      registryId: "444455556666",
      repositoryName: "team/app",
      imageId: { imageDigest: digest },
    });
  });

  it("is answered for each profile, with the reason of a failure", async () => {
    ecr.on(DescribeImageSigningStatusCommand).resolves({
      signingStatuses: [
        { signingProfileArn: release, status: "IN_PROGRESS" },
        { signingProfileArn: `${release}2`, status: "FAILED", failureCode: "AccessDenied", failureReason: "no right" },
        { signingProfileArn: `${release}3`, status: "FAILED", failureReason: "no right" },
        { status: "COMPLETE" },
        { signingProfileArn: release },
      ],
    });

    const answer = await askManagedSigning(ecrClients())(IMAGE, 5000);

    assert.deepEqual(answer, {
      profiles: [
        { profile: release, status: "IN_PROGRESS" },
        { profile: `${release}2`, status: "FAILED", failure: "AccessDenied: no right" },
        { profile: `${release}3`, status: "FAILED", failure: "no right" },
      ],
    });
  });

  for (const registry of [
    "registry.example.com",
    "public.ecr.aws",
    "localhost:5000",
    `${IMAGE.registry}.example.com`,
  ]) {
    it(`is not asked for ${registry}, which is not an ECR host`, async () => {
      assert.equal(await askManagedSigning(ecrClients())({ ...IMAGE, registry }, 5000), undefined);
      assert.equal(ecr.calls().length, 0);
    });
  }

  for (const name of ["AccessDeniedException", "ImageNotFoundException", "ThrottlingException", "ServerException"]) {
    it(`never rejects: ${name}`, async () => {
      const failure = new ECRServiceException({ name, $fault: "client", $metadata: {}, message: "said no" });
      ecr.on(DescribeImageSigningStatusCommand).rejects(failure);

      assert.deepEqual(await askManagedSigning(ecrClients())(IMAGE, 5000), { error: `${name}: said no` });
    });
  }

  it("never rejects: no client for the region", async () => {
    const ask = askManagedSigning(() => {
      throw new Error("no such region");
    });

    assert.deepEqual(await ask(IMAGE, 5000), { error: "Error: no such region" });
  });

  it("is not waited for longer than there is time, even where the SDK does not heed the signal", async () => {
    ecr.on(DescribeImageSigningStatusCommand).callsFake(() => new Promise(() => {}));

    assert.deepEqual(await askManagedSigning(ecrClients())(IMAGE, 20), {
      error: "Error: there was no answer within 20 ms",
    });
  });

  for (const timeLeftMs of [0, -100]) {
    it(`is not asked with ${timeLeftMs} ms left`, async () => {
      assert.deepEqual(await askManagedSigning(ecrClients())(IMAGE, timeLeftMs), {
        error: "Error: there was no time left",
      });
      assert.equal(ecr.calls().length, 0);
    });
  }
});

describe("the question to ECR's managed signing, over HTTP", () => {
  const local = (endpoint: string) => ({
    endpoint,
    credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "made-up" },
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
  });

  it("is understood by a service that speaks ECR's protocol", async () => {
    const aws = await startAws({
      [OPERATION]: () => ({ signingStatuses: [{ signingProfileArn: release, status: "IN_PROGRESS" }] }),
    });
    try {
      const answer = await askManagedSigning(ecrClients(local(aws.url)))(IMAGE, 5000);

      assert.deepEqual(answer, { profiles: [{ profile: release, status: "IN_PROGRESS" }] });
      assert.deepEqual(
        aws.calls(OPERATION).map(({ input }) => input),
        [{ registryId: "444455556666", repositoryName: "team/app", imageId: { imageDigest: digest } }],
      );
    } finally {
      await aws.close();
    }
  });

  it("is refused by a service that does not let us ask", async () => {
    const aws = await startAws({
      [OPERATION]: () => {
        throw new AwsRefusal("AccessDeniedException", "no ecr:DescribeImageSigningStatus");
      },
    });
    try {
      const answer = await askManagedSigning(ecrClients(local(aws.url)))(IMAGE, 5000);

      assert.deepEqual(answer, { error: "AccessDeniedException: no ecr:DescribeImageSigningStatus" });
    } finally {
      await aws.close();
    }
  });

  it("ends its connection when a silent service has used up the time", async () => {
    const server = createServer(() => {});
    const connected = once(server, "connection");
    const { address, close } = await listenOnLoopback(server);
    const signal = AbortSignal.timeout(1500);
    try {
      const answer = await askManagedSigning(ecrClients(local(`http://${address}`)))(IMAGE, 300);

      assert.deepEqual(answer, { error: "Error: there was no answer within 300 ms" });
      const [socket] = await connected;
      if (!socket.destroyed) await once(socket, "close", { signal });
    } finally {
      await close();
    }
  });
});

describe("the clients of ECR", () => {
  it("are one for each region, kept", () => {
    const clientFor = ecrClients({ maxAttempts: 2 });

    assert.equal(clientFor("eu-west-1"), clientFor("eu-west-1"));
    assert.notEqual(clientFor("eu-west-1"), clientFor("us-east-1"));
  });

  it("are waited for two seconds at most", () => assert.equal(SIGNING_ANSWER_LIMIT_MS, 2000));
});
