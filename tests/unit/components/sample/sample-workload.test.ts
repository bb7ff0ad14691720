import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import {
  commandFolder,
  fargateAndEc2,
  SampleWorkload,
  type SampleWorkloadArgs,
} from "../../../../components/sample/sample-workload";
import { DIGEST, REGISTRY } from "../mock-state";
import { children, named, type RunOptions, runProgram } from "../run-program";

const ARGS: SampleWorkloadArgs = {
  signingProfileArn: "arn:profile",
};

const run = (options?: RunOptions) =>
  runProgram(() => {
    const { signedImage, unsignedImage, signedTaskDefinitionArn, repositoryUrl } = new SampleWorkload("sample", ARGS);
    return { signedImage, unsignedImage, signedTaskDefinitionArn, repositoryUrl };
  }, options);

const COMMAND = {
  // The tests run in the checkout.
  dir: ".",
  update: 'printf %s "$PULUMI_COMMAND_STDOUT"',
  logging: "stderr",
};
const SOURCE = "public.ecr.aws/ecs-sample-image/amazon-ecs-sample:latest";
const SIGNED = `${REGISTRY}/sample-signed-repository@${DIGEST}`;
const UNSIGNED = `${REGISTRY}/sample-unsigned-repository@${DIGEST}`;

describe("SampleWorkload", () => {
  it("copies the public sample twice, signs one copy, and makes a task definition of each", async () => {
    const result = await run();

    const copy = (repository: string) => ({
      ...COMMAND,
      create: "node --import tsx components/sample/copy-main.ts",
      environment: { SOURCE_IMAGE: SOURCE, REPOSITORY: repository, TAG: "demo-app", AWS_REGION: "eu-west-1" },
      triggers: [SOURCE, repository],
    });
    const repository = {
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: [{ filter: "sha256-*", filterType: "WILDCARD" }],
      imageScanningConfiguration: { scanOnPush: true },
      forceDelete: false,
    };
    assert.deepEqual(
      children(result).filter(([name]) => !/role|policy/.test(name)),
      [
        [
          "sample-signature",
          "command:local:Command",
          {
            ...COMMAND,
            create: "node --import tsx components/sample/sign-main.ts",
            environment: {
              IMAGE: SIGNED,
              PROFILE_ARN: "arn:profile",
              AWS_REGION: "eu-west-1",
            },
            triggers: [SIGNED, "arn:profile"],
          },
        ],
        ["sample-signed-copy", "command:local:Command", copy(`${REGISTRY}/sample-signed-repository`)],
        ["sample-signed-repository", "aws:ecr/repository:Repository", repository],
        ["sample-unsigned-copy", "command:local:Command", copy(`${REGISTRY}/sample-unsigned-repository`)],
        ["sample-unsigned-repository", "aws:ecr/repository:Repository", repository],
      ],
    );
    const task = (name: string, image: string) => ({
      family: `${name}-dev`,
      cpu: "256",
      memory: "512",
      container: { name: "sample", image, essential: true, portMappings: [{ containerPort: 80 }] },
      executionRole: { roleArn: "arn:aws:iam::111122223333:role/sample-role" },
      taskRole: { skip: true },
      logGroup: { skip: true },
    });
    assert.deepEqual(named(result, "sample-signed-task").inputs, task("sample-signed", SIGNED));
    assert.deepEqual(named(result, "sample-unsigned-task").inputs, task("sample-unsigned", UNSIGNED));
  });

  it("lets ECS pull the two repositories, for tasks of this account only", async () => {
    const result = await run();

    const inputs = new Map(children(result).map(([name, , one]) => [name, one]));
    assert.deepEqual(inputs.get("sample-role"), {
      assumeRolePolicy: {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "AssumeRole",
            Effect: "Allow",
            Principal: { Service: "ecs-tasks.amazonaws.com" },
            Action: ["sts:AssumeRole"],
            Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
          },
        ],
      },
    });
    assert.deepEqual(inputs.get("sample-policy"), {
      role: "sample-role",
      policy: {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "GetRegistryCredentials",
            Effect: "Allow",
            Action: ["ecr:GetAuthorizationToken"],
            Resource: ["*"],
          },
          {
            Sid: "Pull",
            Effect: "Allow",
            Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            Resource: ["sample-signed-repository", "sample-unsigned-repository"].map(
              (name) => `arn:aws:ecr:eu-west-1:111122223333:repository/${name}`,
            ),
          },
        ],
      },
    });
  });

  it("names the folder of its commands as seen from the project, which is the same on every machine", () => {
    const checkout = resolve(__dirname, "../../../..");

    assert.equal(commandFolder(checkout), ".");
    assert.equal(commandFolder(join(checkout, "some/project")), "../..");
  });

  it("signs without the verifier's image, and with nothing of this machine among its inputs", async () => {
    const { resources } = await runProgram(
      () => void new SampleWorkload("sample", { ...ARGS, goImage: "mirror/go:1" }),
    );

    const { environment } = named({ resources }, "sample-signature").inputs as { environment: object };
    assert.deepEqual(environment, {
      IMAGE: SIGNED,
      PROFILE_ARN: "arn:profile",
      GO_IMAGE: "mirror/go:1",
      AWS_REGION: "eu-west-1",
    });
  });

  it("signs with the programs of a base image where there is one, instead of building them", async () => {
    const baseImage = "registry/base@sha256:1";
    const { resources } = await runProgram(() => void new SampleWorkload("sample", { ...ARGS, baseImage }));

    const { environment } = named({ resources }, "sample-signature").inputs as { environment: object };
    assert.deepEqual(environment, {
      IMAGE: SIGNED,
      PROFILE_ARN: "arn:profile",
      BASE_IMAGE: baseImage,
      AWS_REGION: "eu-west-1",
    });
  });

  it("has no credentials in commands or state", async () => {
    const { resources, calls } = await run();

    const secrets = resources.flatMap((resource) => resource.secrets);
    const asked = calls.map(({ token }) => token.split(":")[2]).sort();
    assert.deepEqual([secrets, asked], [[], ["getCallerIdentity", "getRegion"]]);
    assert.doesNotMatch(JSON.stringify(resources.map(({ inputs }) => inputs)), /password|AWS_SECRET|AWS_SESSION/i);
  });

  it("gives the images by digest, and the task definitions", async () => {
    assert.deepEqual((await run()).outputs, {
      signedImage: SIGNED,
      unsignedImage: UNSIGNED,
      signedTaskDefinitionArn: "arn:aws:ecs:eu-west-1:111122223333:task-definition/sample-signed-task:1",
      repositoryUrl: `${REGISTRY}/sample-signed-repository`,
    });
  });

  it("makes the same in a preview", async () => {
    const names = async (preview: boolean) => (await run({ preview })).resources.map(({ name }) => name).sort();

    assert.deepEqual(await names(true), await names(false));
  });

  it("has awsx declare its task definitions for Fargate and EC2", async () => {
    const { transforms } = named(await run(), "sample-signed-task");
    const given = { custom: true, name: "task", props: { requiresCompatibilities: ["FARGATE"], cpu: "256" }, opts: {} };

    const [transformed, other] = await Promise.all([
      fargateAndEc2({ ...given, type: "aws:ecs/taskDefinition:TaskDefinition" }),
      fargateAndEc2({ ...given, type: "aws:iam/role:Role" }),
    ]);

    assert.equal(transforms.length, 1);
    assert.deepEqual(transformed, { props: { requiresCompatibilities: ["EC2", "FARGATE"], cpu: "256" }, opts: {} });
    assert.equal(other, undefined);
  });
});
