import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnvironmentOutputs } from "../../automation/environments/outputs";
import { type LocalAws, startAws } from "../../local/aws";
import { AwsRefusal } from "../../local/aws-answers";
import { OUTPUTS, OUTPUTS_WITH_ORDERS } from "../support/environment-outputs";
import { orderAnswers } from "../support/order-answers";
import { type CommandLine, commandLine } from "./support/command-line";
import { useScene } from "./support/scene";

const ACCOUNT = OUTPUTS.account;
const identity = (account: string) =>
  `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/me</Arn><UserId>me</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;

describe("ecs-image-verification verify: where account, region, signing profile and trust document come from", () => {
  const scene = useScene();
  let cli: CommandLine;
  let aws: LocalAws;
  /** What AWS says to the question whose the credentials are. */
  let caller: () => string;

  before(async () => {
    cli = await commandLine(scene());
    aws = await startAws({ ...orderAnswers(() => []), "STS.GetCallerIdentity": () => caller() });
  });
  after(() => aws?.close());
  beforeEach(() => {
    caller = () => identity(ACCOUNT);
  });

  async function file(name: string, content: object): Promise<string> {
    const path = join(await scene().stack.temporaryFolder(), name);
    await writeFile(path, JSON.stringify(content));
    return path;
  }
  const verify = (references: readonly string[], options: readonly string[], environment = {}) =>
    cli.run(["verify", ...references, ...cli.withRoot, ...options, "--json"], {
      environment: { AWS_ENDPOINT_URL_STS: aws.url, AWS_ENDPOINT_URL_DYNAMODB: aws.url, ...environment },
    });
  const codeOf = ({ stdout }: { readonly stdout: string }) => JSON.parse(stdout).code;
  /** A document that depends on account, region and signing profile. */
  const ofSelf = () => ({
    registries: ["self", scene().registry],
    statements: [{ name: "own", repositories: ["*"], identities: ["self"] }],
  });

  it("all from the outputs: no other option is needed", async () => {
    const image = await scene().image();
    await scene().sign(image);
    const outputs = { ...OUTPUTS_WITH_ORDERS, signingProfileArn: scene().release.arn, trustDocument: ofSelf() };
    assert.ok("outputs" in parseEnvironmentOutputs(outputs));

    const run = await verify([image.reference], ["--outputs", await file("outputs.json", outputs)], { AWS_REGION: "" });

    assert.deepEqual([run.code, codeOf(run)], [0, "signature-valid"], run.stderr);
    assert.equal(run.stderr, "With the orders of the moment of prod.\n");
    assert.deepEqual(aws.calls("STS.GetCallerIdentity"), []);
  });

  it("the values from the outputs, for the document of --trust", async () => {
    const outputs = await file("outputs.json", { ...OUTPUTS_WITH_ORDERS, signingProfileArn: scene().release.arn });
    const image = await scene().image();
    await scene().sign(image);

    const run = await verify([image.reference], ["--outputs", outputs, "--trust", await file("trust.json", ofSelf())]);

    assert.deepEqual([run.code, codeOf(run)], [0, "signature-valid"], run.stderr);
  });

  it("profiles of other stacks from the outputs, for a stack's file", async () => {
    const image = await scene().image();
    await scene().sign(image);
    const trust = {
      registries: [scene().registry],
      statements: [{ name: "a", repositories: ["*"], identities: ["stack:signing"] }],
    };
    const config = {
      "aws:region": OUTPUTS.region,
      "ecs-image-verification:mode": "audit",
      "ecs-image-verification:trust": trust,
    };
    const stackFile = await file("Pulumi.prod.yaml", { config });
    const outputs = { ...OUTPUTS_WITH_ORDERS, trustedStacks: { "stack:signing": scene().release.arn } };

    const run = await verify([image.reference], ["--outputs", await file("o.json", outputs), "--trust", stackFile]);

    assert.deepEqual([run.code, codeOf(run)], [0, "signature-valid"], run.stderr);
  });

  it("outputs of a deployment that is older than their trust document need --trust", async () => {
    const run = await verify(["nginx"], ["--outputs", await file("outputs.json", OUTPUTS_WITH_ORDERS)]);

    assert.deepEqual([run.code, run.stdout], [64, ""]);
    assert.match(run.stderr, /^Say with --trust FILE .*outputs\.json has no trustDocument/);
  });

  it("the account from the AWS credentials, where the document needs it and nothing says it", async () => {
    const document = await file("trust.json", ofSelf());
    const options = ["--trust", document, "--signing-profile", scene().release.arn];
    const image = await scene().image();
    await scene().sign(image);

    const asked = await verify([image.reference], options);
    const given = await verify([image.reference], [...options, "--account", "444455556666"]);

    assert.deepEqual([asked.code, codeOf(asked)], [0, "signature-valid"], asked.stderr);
    assert.match(
      asked.stderr,
      new RegExp(`^\`self\` is account ${ACCOUNT}, that of your AWS credentials\\. .*--account`),
    );
    assert.equal(given.stderr, "");
    assert.equal(aws.calls("STS.GetCallerIdentity").length, 1);
  });

  it("names everything that is missing at once, and why AWS does not say the account", async () => {
    const document = await file("trust.json", ofSelf());
    caller = () => {
      throw new AwsRefusal("ExpiredToken", "The security token is expired");
    };

    const noRegion = await verify(["nginx"], ["--trust", document], { AWS_REGION: "" });
    const expired = await verify(["nginx"], ["--trust", document]);

    assert.deepEqual([noRegion.code, noRegion.stdout, expired.code, expired.stdout], [64, "", 64, ""]);
    assert.match(
      noRegion.stderr,
      /Missing:\n {2}the account .*--account ID\n {2}the AWS region: .*--region NAME.*\n {2}the signing profile self: .*--signing-profile ARN.*\n.*--stack NAME, or --outputs FILE\.\n$/,
    );
    assert.match(expired.stderr, /--account ID; AWS does not say it: .*expired.*\n {2}the signing profile self/);
    assert.doesNotMatch(expired.stderr, /\n\s+at /);
  });

  it("names the profiles of other stacks in the same list", async () => {
    const trust = {
      registries: ["self"],
      statements: [{ name: "a", repositories: ["*"], identities: ["self", "stack:signing"] }],
    };
    const config = { "ecs-image-verification:mode": "audit", "ecs-image-verification:trust": trust };

    const run = await verify(["nginx"], ["--trust", await file("Pulumi.prod.yaml", { config })]);

    assert.equal(run.code, 64);
    assert.match(
      run.stderr,
      /the account .*\n.*the AWS region: set aws:region.*\n.* self: .*\n.* stack:signing: .*--stack-profile stack:signing=ARN/,
    );
  });
});
