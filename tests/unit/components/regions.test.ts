import assert from "node:assert/strict";
import { Provider } from "@pulumi/aws/provider";
import * as pulumi from "@pulumi/pulumi";
import { ImageVerification } from "../../../components/image-verification";
import type { ImageVerificationArgs } from "../../../components/image-verification-args";
import { MACHINE } from "./machine";
import { ACCOUNT, REGION } from "./mock-state";
import { type Called, named, type ProgramRun, type Registered, runProgram } from "./run-program";
import { BEHAVIOUR, TRUST } from "./settings";

/** The regions of the two environments, by their names. The program's own provider is in a third. */
const REGIONS = { eu: "eu-central-1", us: "us-east-1" } as const;
type Environment = keyof typeof REGIONS;
const ENVIRONMENTS: readonly Environment[] = ["eu", "us"];

const ARGS: ImageVerificationArgs = {
  trust: TRUST,
  behaviour: { ...BEHAVIOUR, mode: "enforce" },
  signingProfile: { signers: [{ account: "444455556666" }] },
  verifier: { source: { context: "/checkout/verifier", contentHash: "c0ffee" } },
  notifications: {
    email: [{ address: "a@example.com" }],
    slack: { webhookUrl: "https://hooks.slack.example/secret" },
    pagerDuty: { routingKey: "0123456789abcdef0123456789abcdef" },
  },
  sampleWorkload: true,
  gate: { mode: "enforce", attach: "all" },
  sweep: { mode: "enforce" },
  canary: { subnets: ["subnet-0123456789abcdef0"] },
  changeAlarms: { deploymentRole: "arn:aws:iam::111122223333:role/deploy" },
  machine: MACHINE,
};

/** One program with an environment in each region. */
function runBoth(preview = false): Promise<ProgramRun> {
  return runProgram(
    () => {
      const made = ENVIRONMENTS.map((environment) => {
        const provider = new Provider(environment, { region: REGIONS[environment] });
        const verification = new ImageVerification(`app-${environment}`, ARGS, { provider });
        return [environment, pulumi.output({ registry: verification.registry, logsQuery: verification.logsQuery })];
      });
      return Object.fromEntries(made);
    },
    { preview },
  );
}

describe("two environments in one program, each with a provider for its region", function () {
  this.timeout(20_000);

  let run: ProgramRun;
  let of: (environment: Environment) => readonly Registered[];

  before(async () => {
    run = await runBoth();
    of = (environment) => run.resources.filter(({ name }) => name.startsWith(`app-${environment}`));
  });

  const input = (name: string, key: string) => named(run, name).inputs[key];

  it("are made by their own providers, and by no other", () => {
    for (const environment of ENVIRONMENTS) {
      const foreign = of(environment).filter(
        ({ type, provider }) => type.startsWith("aws:") && provider !== environment,
      );
      assert.deepEqual(
        foreign.map(({ name }) => name),
        [],
      );
    }
    assert.ok(of("eu").length > 50 && of("eu").length === of("us").length);
  });

  it("ask nothing of the program's own provider", () => {
    const asked = (calls: readonly Called[], environment: string | undefined) =>
      calls.flatMap(({ token, provider }) => (provider === environment ? [token] : [])).sort();

    assert.deepEqual(asked(run.calls, undefined), []);
    assert.deepEqual(asked(run.calls, "eu"), asked(run.calls, "us"));
    assert.ok(asked(run.calls, "eu").includes("aws:ecr/getAuthorizationToken:getAuthorizationToken"));
  });

  it("name their own region wherever they name one: no other stands in any input or output", () => {
    for (const environment of ENVIRONMENTS) {
      const others = [REGION, ...Object.values(REGIONS)].filter((region) => region !== REGIONS[environment]);
      const wrong = of(environment).filter(({ inputs }) =>
        others.some((region) => JSON.stringify(inputs).includes(region)),
      );
      assert.deepEqual(
        wrong.map(({ name }) => name),
        [],
      );
      for (const other of others) assert.doesNotMatch(JSON.stringify(run.outputs[environment]), new RegExp(other));
    }
  });

  for (const environment of ENVIRONMENTS) {
    const region = REGIONS[environment];
    const registry = `${ACCOUNT}.dkr.ecr.${region}.amazonaws.com`;
    const name = `app-${environment}`;

    describe(`the one in ${region}`, () => {
      it("pushes the verifier's image to the registry of its region, and runs it from there", () => {
        const repository = `${registry}/${name}-image-repository`;
        const { imageName, registry: login } = named(run, `${name}-image-image`).inputs as {
          imageName: string;
          registry: { server: string };
        };

        assert.equal(imageName.split(":")[0], repository);
        assert.equal(login.server, repository);
        assert.match(String(input(`${name}-verifier-function`, "imageUri")), new RegExp(`^${repository}@sha256:`));
      });

      it("trusts the registry and the signing profile of its region", () => {
        const { build } = named(run, `${name}-image-image`).inputs as { build: { args: { SETTINGS: string } } };
        const { trust } = JSON.parse(build.args.SETTINGS);

        assert.deepEqual([trust.account, trust.region], [ACCOUNT, region]);
        assert.deepEqual(trust.registries, [registry]);
        assert.deepEqual(trust.statements[0].identities, [
          `arn:aws:signer:${region}:${ACCOUNT}:/signing-profiles/app_${environment}_signing_profile`,
        ]);
      });

      it("lets the function read and act in its region", () => {
        const { Statement: reading } = JSON.parse(String(input(`${name}-verifier-reading`, "policy")));
        const { Statement: acting } = JSON.parse(String(input(`${name}-verifier-acting`, "policy")));
        const resources = new Map<string, string[]>(
          [...reading, ...acting].map(({ Sid, Resource }) => [Sid, Resource]),
        );

        assert.deepEqual(resources.get("ReadSignatures"), [`arn:aws:ecr:${region}:${ACCOUNT}:repository/*`]);
        assert.deepEqual(resources.get("PutVerdicts"), [`arn:aws:events:${region}:${ACCOUNT}:event-bus/default`]);
        assert.deepEqual(resources.get("StopAndRollBack"), [
          `arn:aws:ecs:${region}:${ACCOUNT}:service-deployment/*`,
          `arn:aws:ecs:${region}:${ACCOUNT}:service-revision/*`,
          `arn:aws:ecs:${region}:${ACCOUNT}:service/*`,
          `arn:aws:ecs:${region}:${ACCOUNT}:task/*`,
        ]);
      });

      it("has a gate whose roles, global in the account, are those of its region", () => {
        for (const [child, kind] of [
          ["gate-function-role", "gate"],
          ["gate-invoker", "gate-invoker"],
          ["gate-keeper-role", "keeper"],
        ]) {
          assert.equal(input(`${name}-${child}`, "name"), `ecs-image-verification-${kind}-${region}-dev`);
        }
        const target = `arn:aws:lambda:${region}:${ACCOUNT}:function:ecs-image-verification-gate-dev:live`;
        assert.equal(input(`${name}-gate-heartbeat-target`, "arn"), target);
      });

      it("copies and signs the sample in its region", () => {
        for (const step of ["signed-copy", "unsigned-copy", "signature"]) {
          const { AWS_REGION } = input(`${name}-sample-${step}`, "environment") as Record<string, string>;
          assert.equal(AWS_REGION, region, step);
        }
        assert.match(JSON.stringify(input(`${name}-sample-signed-task`, "container")), new RegExp(`"${registry}/`));
      });

      it("states its account and region, for the policies that read them of the component", () => {
        const { account, region: stated } = named(run, name).inputs;
        assert.deepEqual([account, stated], [ACCOUNT, region]);
      });

      it("gives its own registry and the log of its region", () => {
        const { registry: given, logsQuery } = run.outputs[environment] as Record<string, string>;
        assert.equal(given, registry);
        assert.match(String(logsQuery), new RegExp(`^https://${region}\\.`));
      });
    });
  }

  it("are made of the same in a preview, which knows their regions", async () => {
    const preview = await runBoth(true);

    assert.deepEqual(preview.resources.map(({ name }) => name).sort(), run.resources.map(({ name }) => name).sort());
    assert.equal(named(preview, "app-us").inputs.region, REGIONS.us);
  });
});
