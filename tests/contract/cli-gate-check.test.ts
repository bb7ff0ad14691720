// Real: signatures, registry, notation, judging, the command. Stand-ins over HTTP: ECS, the table and key of the orders, Signer.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type LocalAws, startAws } from "../../local/aws";
import { AwsRefusal } from "../../local/aws-answers";
import { type LocalDeployments, localDeployments } from "../../local/ecs-deployments";
import type { Order } from "../../verifier/src/orders/order";
import { lineOf } from "../aws/support/log-group";
import { type DeployedServices, deployedServices } from "../support/deployed-services";
import { deploymentRecord } from "../support/deployment-records";
import { OUTPUTS_WITH_ORDERS } from "../support/environment-outputs";
import { AUDIT, gateHook } from "../support/gate-hooks";
import { orderAnswers } from "../support/order-answers";
import { block } from "../support/orders";
import { type CommandLine, commandLine } from "./support/command-line";
import { type SceneImage, useScene } from "./support/scene";

const PLACE = { region: "eu-west-1", account: "111122223333", cluster: "shop" };

describe("contract: ecs-image-verification gate check, and gate status --ready", function () {
  this.timeout(120_000);
  const scene = useScene();
  let aws: LocalAws;
  let cli: CommandLine;
  let deployments: LocalDeployments;
  let services: DeployedServices;
  let options: readonly string[];
  let orders: readonly Order[] = [];
  /** The log of the gate. */
  let lines: readonly string[] = [];
  let isRefused = false;
  let signed: SceneImage;
  let unsigned: SceneImage;

  before(async () => {
    deployments = localDeployments(PLACE, Date.now);
    services = deployedServices(`arn:aws:ecs:${PLACE.region}:${PLACE.account}`, PLACE.cluster, Date.now);
    const describing = deployments.answers["ECS.DescribeServiceRevisions"];
    aws = await startAws({
      ...deployments.answers,
      ...services.answers,
      "ECS.DescribeServiceRevisions": (input) => {
        if (isRefused)
          throw new AwsRefusal("AccessDeniedException", "not authorized to perform: ecs:DescribeServiceRevisions");
        return describing?.(input);
      },
      "Logs_20140328.FilterLogEvents": () => ({
        events: lines.map((message, index) => ({ eventId: String(index), timestamp: Date.now(), message })),
      }),
      "DynamoDB.Scan": () => ({ Items: [] }),
      ...orderAnswers(() => orders),
    });
    cli = await commandLine(scene());
    const folder = await scene().stack.temporaryFolder();
    const [trust, outputs] = [join(folder, "trust.yaml"), join(folder, "outputs.json")];
    // `self` is what the outputs say.
    const statements = [{ name: "release", repositories: ["*"], identities: ["self"] }];
    await writeFile(trust, JSON.stringify({ registries: [scene().registry], statements }));
    await writeFile(
      outputs,
      JSON.stringify({ ...OUTPUTS_WITH_ORDERS, ...GATE_OUTPUTS, signingProfileArn: scene().release.arn }),
    );
    options = ["--trust", trust, "--outputs", outputs, ...cli.withRoot];
    signed = await scene().image();
    await scene().sign(signed);
    unsigned = await scene().image();
  });
  beforeEach(() => {
    services.clear();
    orders = [];
    lines = [];
    isRefused = false;
  });
  after(() => aws?.close());

  const gate = (...words: readonly string[]) =>
    cli.run(["gate", ...words, ...options], { environment: { AWS_ENDPOINT_URL: aws.url } });
  const check = (...words: readonly string[]) => gate("check", ...words);
  const ready = (...words: readonly string[]) => gate("status", "--ready", ...words);
  const byTag = ({ taggedReference: image }: SceneImage, name = "web") => ({ name, image });
  const resolved = (image: SceneImage, name = "web") => ({ ...byTag(image, name), digest: image.descriptor.digest });
  const successful = { status: "SUCCESSFUL" } as const;
  const jsonLines = (stdout: string) =>
    stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));

  it("judges what runs and the last successful revision before it, each digest once", async () => {
    const first = deployments.deploy("web", [resolved(unsigned), resolved(signed, "proxy")]);
    const refused = deployments.deploy("web", [byTag(unsigned)]);
    const now = deployments.deploy("web", [byTag(signed), resolved(signed, "proxy")]);
    const history = [
      { ...now, ...successful },
      { ...refused, status: "ROLLBACK_SUCCESSFUL" as const },
      { ...first, ...successful },
    ];
    services.put("web", { current: [now], history });
    const asked = scene().stack.signer.requests.length;

    const { code, stdout, stderr } = await check("shop/web", "--json");

    const found = jsonLines(stdout).map(({ which, revision, container, verdict }) => [
      which,
      revision,
      container,
      verdict.status,
      verdict.provisional,
    ]);
    assert.deepEqual(found, [
      ["running", now.revisionArn, "web", "trusted", true],
      ["running", now.revisionArn, "proxy", "trusted", false],
      ["previous", first.revisionArn, "web", "denied", false],
      ["previous", first.revisionArn, "proxy", "trusted", false],
    ]);
    assert.equal(code, 1);
    // Once for the tag, once for the digest that two containers have.
    assert.equal(scene().stack.signer.requests.length - asked, 2);
    assert.equal(stderr, "With the orders of the moment of prod.\n1 service: 1 would be refused.\n");
    assert.equal(aws.calls("ECS.UpdateService").length, 0);
  });

  it("shows a table of all services, and why something is denied", async () => {
    const web = deployments.deploy("web", [resolved(signed)]);
    const api = deployments.deploy("api", [resolved(unsigned, "api")]);
    services.put("web", { current: [web], history: [{ ...web, ...successful }] });
    services.put("api", { current: [api] });
    services.put("blue", { fields: { deploymentController: { type: "CODE_DEPLOY" } } });
    services.put("gone", { fields: { status: "DRAINING" } });

    const { code, stdout, stderr } = await check("--all");

    const lines = stdout.trimEnd().split("\n");
    assert.equal(code, 1);
    assert.match(lines[0] ?? "", /^service +revision +container +image +verdict +code$/);
    assert.match(lines[1] ?? "", /^shop\/web +running +web +\S+@[0-9a-f]{12} +trusted +signature-valid$/);
    assert.match(lines[2] ?? "", /^shop\/api +running +api +\S+@[0-9a-f]{12} +denied +no-signature$/);
    assert.match(lines[3] ?? "", /^shop\/blue +- +- +- +none +cannot have hooks$/);
    assert.match(lines[4] ?? "", /^shop\/api, running, api: no-signature: /);
    assert.equal(lines.length, 5);
    const missing = "2 without an earlier successful deployment in the last 90 days";
    assert.match(stderr, new RegExp(`\\n3 services: 1 would be refused, 1 cannot have hooks, ${missing}\\.\\n$`));
  });

  it("obeys a block, and judges the task definition of a service of which ECS knows no revision", async () => {
    const web = deployments.deploy("web", [resolved(signed)]);
    const old = deployments.deploy("old", [byTag(signed)]);
    services.put("web", { current: [web] });
    services.put("old", {
      fields: {
        taskDefinition: `arn:aws:ecs:eu-west-1:111122223333:task-definition/old:${old.revisionArn.split("/").at(-1)}`,
      },
    });
    orders = [block({ digest: signed.descriptor.digest, from: new Date().toISOString() })];

    const blocked = await check("shop/web", "--json");
    orders = [];
    const unknown = await check("shop/old", "--json");

    assert.deepEqual([blocked.code, jsonLines(blocked.stdout)[0].verdict.code], [1, "digest-blocked"]);
    const [{ which, revision, verdict }] = jsonLines(unknown.stdout);
    assert.deepEqual([unknown.code, which, revision, verdict.code], [0, "running", null, "signature-valid"]);
  });

  it("answers 2 if something cannot be found out, and names the missing right", async () => {
    const web = deployments.deploy("web", [resolved(signed)]);
    services.put("web", { current: [web] });
    services.put("lost", { current: [{ ...web, revisionArn: web.revisionArn.replace(/\d+$/, "999") }] });

    const lost = await check("shop/web", "shop/lost");
    isRefused = true;
    const refused = await check("shop/web");

    assert.equal(lost.code, 2);
    assert.match(
      lost.stdout,
      /\nshop\/lost +- +- +- +inconclusive +not read\nshop\/lost: RevisionError: Cannot read what /,
    );
    assert.deepEqual([refused.code, refused.stdout], [2, ""]);
    assert.match(refused.stderr, /Reading what is deployed of arn:\S+ failed: .*ecs:DescribeServiceRevisions and/);
  });

  it("finds out which services the gate can enforce, with what it has recorded and could not judge", async () => {
    const [web, api, old, job] = ["web", "api", "old", "job"].map((name) =>
      deployments.deploy(name, [resolved(name === "old" ? unsigned : signed)]),
    );
    const hooks = [gateHook({}, AUDIT)];
    for (const [name, one] of Object.entries({ web, api, old, job })) {
      services.put(name, one === undefined ? {} : { current: [one], hooks, history: [{ ...one, ...successful }] });
    }
    lines = [
      lineOf(deploymentRecord({ code: "signature-valid" }, { service: "web", outcome: "none" })),
      lineOf(deploymentRecord({}, { service: "api", outcome: "audited", deployment: "d7" })),
      JSON.stringify({
        level: "ERROR",
        message: "No verdict within 10000 ms",
        reason: { serviceArn: job?.serviceArn },
      }),
      JSON.stringify({ level: "ERROR", message: "The call could not be judged", reason: "Error: something" }),
      JSON.stringify({ level: "WARN", message: "Something else", details: { serviceArn: web?.serviceArn } }),
    ];

    const { code, stdout, stderr } = await ready("--all");

    const text = stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.trim());
    assert.equal(code, 1, stderr);
    assert.deepEqual(
      text.slice(1, 5).map((line) => [line.split(/ +/)[0], line.split(/ +/).at(-1)]),
      [
        ["shop/web", "yes"],
        ["shop/api", "no"],
        ["shop/old", "no"],
        ["shop/job", "no"],
      ],
    );
    assert.match(
      stdout,
      /\nshop\/api:\n {2}Not ready: 1 deployment of the last 14 days had .*the last d7 at \S+: web: no-signature\.\n/,
    );
    assert.match(stdout, /\nshop\/old:\n {2}Not ready: its running revision would be refused: web: no-signature\.\n/);
    assert.match(stdout, /\nshop\/job:\n {2}Not ready: the gate could not judge 1 call about it in the last 14 days/);
    assert.match(
      stderr,
      /\nThe log of the gate has 1 error that names no service, and may be about any: aws logs filter-log-events --log-group-name gate-log /,
    );
    assert.equal((await ready("shop/web")).code, 0);
  });

  it("says what is wrong with the call", async () => {
    services.put("web");
    const untold = await cli.run(["gate", "check", "shop/web", ...options.slice(2)]);
    assert.deepEqual([untold.code, untold.stdout], [64, ""]);
    assert.match(untold.stderr, /^Say with --trust FILE what the environment trusts/);
    const other = "arn:aws:ecs:eu-west-2:111122223333:service/shop/web";
    const wrong: readonly (readonly [words: readonly string[], message: RegExp])[] = [
      [[], /^Say which services: /],
      [["shop/web", "--all"], /^Name services, or say --all, not both/],
      [
        ["shop/wbe"],
        /\nECS knows no service shop\/wbe in account 111122223333, eu-west-1\. aws ecs list-services --cluster shop /,
      ],
      [[other], /is of account 111122223333 in eu-west-2, the environment of 111122223333 in eu-west-1/],
      [["web"], /It must be CLUSTER\/NAME, or the ARN/],
    ];
    for (const [words, message] of wrong) {
      const { code, stdout, stderr } = await check(...words);
      assert.deepEqual([code, stdout], [64, ""], words.join(" "));
      assert.match(stderr, message);
    }
  });
});

const GATE_OUTPUTS = {
  gateTargetArn: AUDIT.targetArn,
  gateInvokerRoleArn: AUDIT.roleArn,
  gateMode: "audit",
  gateLogGroup: "gate-log",
  gateOpenHours: 8,
};
