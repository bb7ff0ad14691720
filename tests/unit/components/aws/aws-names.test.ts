import assert from "node:assert/strict";
import {
  familyName,
  fixedName,
  NAME_GRAMMARS,
  nameProblem,
  profileNamePrefix,
} from "../../../../components/aws/aws-names";
import { ImageVerification } from "../../../../components/image-verification";
import { MACHINE } from "../machine";
import { type ProgramRun, runProgram } from "../run-program";
import { BEHAVIOUR, TRUST } from "../settings";

const FAMILY = "awsx:ecs:FargateTaskDefinition";

const APP = { name: "app", repositories: ["self/app"] };

/** All that there can be in an environment. */
function everything(name: string, stack = "dev"): Promise<ProgramRun> {
  return runProgram(
    () =>
      void new ImageVerification(name, {
        trust: { ...TRUST, statements: [...TRUST.statements, { ...APP, identities: ["self"] }] },
        behaviour: BEHAVIOUR,
        verifier: { source: { context: "/checkout/verifier", contentHash: "c0ffee" } },
        machine: MACHINE,
        sampleWorkload: true,
        canary: { subnets: ["subnet-0123456789abcdef0"] },
        changeAlarms: { deploymentRole: "arn:aws:iam::111122223333:role/deploy" },
        gate: { attach: "all" },
        sweep: {},
        notifications: {
          email: [{ address: "a@example.com" }],
          slack: { webhookUrl: "https://hooks.slack.example/T0" },
          pagerDuty: { routingKey: "0".repeat(32) },
        },
      }),
    { stack },
  );
}

/** Types whose resources are only parts of others, or are not in AWS. */
const WITHOUT_NAME = new Set([
  "aws:cloudwatch/eventTarget:EventTarget",
  "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  "aws:ecr/repositoryPolicy:RepositoryPolicy",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:kms/key:Key",
  "aws:kms/keyPolicy:KeyPolicy",
  "aws:lambda/eventSourceMapping:EventSourceMapping",
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  "aws:lambda/invocation:Invocation",
  "aws:lambda/permission:Permission",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sns/topicSubscription:TopicSubscription",
  "aws:sqs/queuePolicy:QueuePolicy",
]);

describe("names that reach AWS", () => {
  it("each type that an environment is made of has a grammar, or no name", async () => {
    const { resources } = await everything("app");

    const types = new Set(resources.map(({ type }) => type).filter((type) => /^awsx?:/.test(type)));
    assert.deepEqual(
      [...types].filter((type) => !(type in NAME_GRAMMARS) && !WITHOUT_NAME.has(type)),
      [],
    );
    assert.ok(types.size > 15);
  });

  it("fit with the name that the program gives, and with one that is two characters longer", async () => {
    await everything("image-verification");
    await everything("image-verification-x");
  });

  for (const [title, name, problem] of [
    ["too long", "image-verification-xx", /has 65 characters; AWS allows 64\. .*give the component another name/],
    ["with a space", "image verification", /which AWS refuses; it allows letters/],
    ["with an accent", "vérification", /"vérification-.*which AWS refuses/],
  ] as const) {
    it(`a component's name that is ${title} is refused before anything is made of it`, async () => {
      await assert.rejects(everything(name), { name: "NameRefusedError", message: problem });
    });
  }

  it("a stack's name with dots is no task family, and becomes one", async () => {
    const { resources } = await everything("app", "eu.west.1");

    const families = resources.filter(({ type }) => type === FAMILY).map(({ inputs }) => String(inputs.family));
    assert.equal(families.length, 2);
    for (const family of families) {
      assert.equal(nameProblem(FAMILY, family), undefined);
      assert.match(family, /-eu-west-1-[0-9a-f]{8}$/);
    }
  });

  it("two stacks have two families, also where only the dots tell them apart", () => {
    assert.equal(familyName("sample-eu-west"), "sample-eu-west");
    const names = ["sample-eu.west", "sample-eu_west", "sample-eu-west", "sample-eu..west"].map(familyName);
    assert.equal(new Set(names).size, 4);
    assert.ok(familyName("x".repeat(300)).length <= 255);
  });

  it("a function's follows from the environment's, and stays within Lambda's 64 letters, digits, - and _", () => {
    assert.equal(fixedName("gate", "prod"), "gate-prod");
    assert.equal(fixedName("gate", "x".repeat(59)), `gate-${"x".repeat(59)}`);
    const hashed = ["prod.eu", "prod-eu.", "x".repeat(60), `${"x".repeat(59)}y`].map((name) => fixedName("gate", name));
    for (const name of hashed) {
      assert.equal(nameProblem("aws:lambda/function:Function", name), undefined);
      assert.match(name, /^gate-.*-[0-9a-f]{8}$/);
    }
    assert.equal(new Set(hashed).size, hashed.length);
    assert.equal(fixedName("gate", "prod.eu"), fixedName("gate", "prod.eu"));
  });

  it("a signing profile's begins as AWS Signer has it, with room for the 26 characters that the provider adds", () => {
    const prefix = profileNamePrefix("a component.with-a/very long name, much longer than it may be");

    assert.equal(nameProblem("aws:signer/signingProfile:SigningProfile", prefix + "0".repeat(26)), undefined);
  });

  it("are judged by each service's grammar", () => {
    const problem = (type: string, name: string) => nameProblem(type, name) !== undefined;

    assert.ok(problem("aws:ecr/repository:Repository", "a--b"));
    assert.ok(problem("aws:sqs/queue:Queue", "a.b"));
    assert.ok(problem("aws:sqs/queue:Queue", "q".repeat(81)));
    assert.ok(!problem("aws:dynamodb/table:Table", "a.b"));
    assert.ok(!problem("aws:cloudwatch/logGroup:LogGroup", "/aws/lambda/a#1"));
    assert.ok(!problem("aws:sns/topicPolicy:TopicPolicy", "anything at all"));
  });
});
