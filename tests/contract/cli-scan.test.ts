// Real: signatures, registry, notation, judging, the command. Stand-ins over HTTP: ECS, the table and key of the orders, Signer.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type LocalAws, startAws } from "../../local/aws";
import { AwsRefusal } from "../../local/aws-answers";
import type { Order } from "../../verifier/src/orders/order";
import { OUTPUTS_WITH_ORDERS } from "../support/environment-outputs";
import { orderAnswers } from "../support/order-answers";
import { block } from "../support/orders";
import { type PlayedContainer, type RunningTasks, runningTasks } from "../support/running-tasks";
import { type CommandLine, commandLine } from "./support/command-line";
import { daysFromNow, type SceneImage, useScene } from "./support/scene";

const ACCOUNT = "111122223333";
const HEAD = `arn:aws:ecs:eu-west-1:${ACCOUNT}`;

describe("contract: ecs-image-verification scan", function () {
  this.timeout(180_000);
  const scene = useScene();
  let aws: LocalAws;
  let cli: CommandLine;
  let folder: string;
  let trust: string;
  let outputs: string;
  let orders: readonly Order[] = [];
  /** Clusters that ECS refuses to list the tasks of. */
  let refused: readonly string[] = [];
  const running: RunningTasks = runningTasks(HEAD, 2);
  let signed: SceneImage;
  let unsigned: SceneImage;

  before(async () => {
    aws = await startAws({
      ...running.answers,
      "ECS.ListTasks": (input) => {
        if (refused.some((name) => String(input.cluster).endsWith(name))) {
          throw new AwsRefusal("AccessDeniedException", "not authorized to perform: ecs:ListTasks");
        }
        return running.answers["ECS.ListTasks"]?.(input);
      },
      ...orderAnswers(() => orders),
    });
    cli = await commandLine(scene());
    folder = await scene().stack.temporaryFolder();
    [trust, outputs] = [join(folder, "trust.yaml"), join(folder, "outputs.json")];
    const statements = [{ name: "release", repositories: ["*"], identities: [scene().release.arn] }];
    await writeFile(trust, JSON.stringify({ registries: [scene().registry], statements }));
    await writeFile(outputs, JSON.stringify({ ...OUTPUTS_WITH_ORDERS, signingProfileArn: scene().release.arn }));
    signed = await scene().image();
    await scene().sign(signed);
    unsigned = await scene().image();
  });
  beforeEach(() => {
    running.clear();
    orders = [];
    refused = [];
    scene().stack.signer.failWith(undefined);
  });
  after(() => aws?.close());

  const scan = (...words: readonly string[]) =>
    cli.run(["scan", "--region", "eu-west-1", ...words, ...cli.withRoot], {
      environment: { AWS_ENDPOINT_URL: aws.url },
    });
  const runs = ({ taggedReference: image, descriptor }: SceneImage, name = "web"): PlayedContainer => ({
    name,
    image,
    imageDigest: descriptor.digest,
  });
  const service = (name: string, ...containers: readonly PlayedContainer[]) => ({
    group: `service:${name}`,
    containers,
  });
  const revocationCalls = () =>
    scene().stack.signer.requests.filter(({ operation }) => operation === "GetRevocationStatus").length;

  it("judges each digest once, and says where it runs", async () => {
    const [web, api] = [service("web", runs(signed), runs(unsigned, "proxy")), service("api", runs(signed))];
    running.put("shop", [web, web, web, api]);
    running.put("jobs", [{ containers: [runs(signed)] }]);
    const asked = revocationCalls();

    const { code, stdout, stderr } = await scan("--all-clusters", "--trust", trust, "--json");

    assert.equal(code, 1, stderr);
    const { images, ...totals } = JSON.parse(stdout);
    assert.deepEqual(totals, {
      account: ACCOUNT,
      regions: ["eu-west-1"],
      environment: null,
      clusters: 2,
      tasks: 5,
      containers: 8,
      unread: [],
    });
    const cluster = (name: string) => `${HEAD}:cluster/${name}`;
    assert.deepEqual(
      images.map((one: Found) => [one.verdict.code, one.digest, one.places]),
      [
        ["no-signature", unsigned.descriptor.digest, [{ cluster: cluster("shop"), service: "web", containers: 3 }]],
        [
          "signature-valid",
          signed.descriptor.digest,
          [
            { cluster: cluster("shop"), service: "web", containers: 3 },
            { cluster: cluster("shop"), service: "api", containers: 1 },
            { cluster: cluster("jobs"), service: null, containers: 1 },
          ],
        ],
      ],
    );
    assert.equal(revocationCalls() - asked, 1);
    assert.equal(stderr, "8 containers of 5 tasks in 2 clusters run 2 images: 1 trusted, 1 denied.\n");
  });

  it("shows a table, with what AWS adds and who signed", async () => {
    const agent = { name: "aws-guardduty-agent-nm40lC", imageDigest: `sha256:${"b".repeat(64)}` };
    running.put("shop", [service("web", runs(signed), agent)]);

    const { code, stdout } = await scan("--cluster", "shop", "--trust", trust);

    const lines = stdout.trimEnd().split("\n");
    assert.equal(code, 0, stdout);
    assert.match(lines[0] ?? "", /^status +code +repository +digest +runs in +containers +signed by$/);
    assert.match(lines[1] ?? "", /^exempt +aws-injected +\(added by AWS\) +b{12} +shop\/web +1 +-$/);
    assert.match(lines[2] ?? "", /^trusted +signature-valid +127\S+ +[0-9a-f]{12} +shop\/web +1 +release$/);
    assert.match(stdout, /\n\nstatus +code +images +containers\nexempt +aws-injected +1 +1\ntrusted +/);
  });

  it("obeys the orders of an environment, and needs credentials of its account", async () => {
    running.put("shop", [service("web", runs(signed))]);
    orders = [block({ digest: signed.descriptor.digest, from: new Date().toISOString() })];
    const of = ["--cluster", "shop", "--trust", trust, "--outputs"];
    const foreignOutputs = join(folder, "foreign-outputs.json");
    await writeFile(foreignOutputs, JSON.stringify({ ...OUTPUTS_WITH_ORDERS, account: "444455556666" }));

    const blocked = await scan(...of, outputs, "--json");
    const foreign = await scan(...of, foreignOutputs);

    assert.equal(blocked.code, 1, blocked.stderr);
    const { environment, images } = JSON.parse(blocked.stdout);
    assert.deepEqual([environment, images[0].verdict.code], ["prod", "digest-blocked"]);
    assert.deepEqual([foreign.code, foreign.stdout], [64, ""]);
    assert.match(foreign.stderr, /credentials are of account 111122223333, and the environment prod of 444455556666/);
  });

  it("answers 2 if something could not be found out, and names it", async () => {
    running.put("shop", [service("web", runs(signed))]);
    running.put("secret", [service("web", runs(unsigned))]);
    refused = ["secret"];

    const partly = await scan("--all-clusters", "--trust", trust, "--json");
    refused = ["secret", "shop"];
    const nothing = await scan("--all-clusters", "--trust", trust);

    assert.deepEqual([partly.code, JSON.parse(partly.stdout).images.length], [2, 1]);
    assert.deepEqual(
      JSON.parse(partly.stdout).unread.map(({ place }: { place: string }) => place),
      [`${HEAD}:cluster/secret in eu-west-1`],
    );
    assert.match(partly.stderr, /^Not read: arn:\S+secret in eu-west-1: AccessDeniedException: not authorized/);
    assert.deepEqual([nothing.code, nothing.stdout], [2, ""]);
    assert.match(nothing.stderr, /These credentials need ecs:ListClusters, ecs:ListTasks and ecs:DescribeTasks\./);
  });

  it("needs no more than the rights that it prints", async () => {
    const agent = { name: "ecs-service-connect-abc", imageDigest: `sha256:${"b".repeat(64)}` };
    running.put("shop", [service("web", runs(signed), agent)]);
    const of = ["--all-clusters", "--trust", trust, "--outputs", outputs];
    const before = aws.calls().length;
    await scan(...of);
    const calls = aws.calls().slice(before);

    const { code, stdout } = await scan(...of, "--permissions");

    const allowed = JSON.parse(stdout).Statement.flatMap(({ Action }: { Action: string[] }) => Action);
    const made = new Set(calls.map(({ operation }) => operation));
    const rights = [...made].map((operation) =>
      operation.replace(/^(\w+)\./, (_, name: string) => `${PREFIXES[name]}:`),
    );
    assert.deepEqual(rights.toSorted(), [
      "dynamodb:Query",
      "ecs:DescribeTaskDefinition",
      "ecs:DescribeTasks",
      "ecs:ListClusters",
      "ecs:ListTasks",
    ]);
    assert.deepEqual(
      rights.filter((right) => !allowed.includes(right)),
      [],
    );
    assert.ok(allowed.includes("signer:GetRevocationStatus") && allowed.includes("kms:Decrypt"));
    assert.deepEqual([code, aws.calls().length - before - calls.length], [0, 0]);
  });

  it("says without a trust document who signed what, and judges nobody", async () => {
    const foreign = await scene().image();
    await scene().sign(foreign, {}, scene().foreign);
    const expired = await scene().image();
    await scene().sign(expired, { signingTime: daysFromNow(-10), expiry: daysFromNow(-1) });
    const tampered = await scene().image();
    await scene().push(tampered, scene().makeSignature(signed).envelope);
    const all = [signed, unsigned, foreign, expired, tampered];
    running.put("shop", [service("web", ...all.map((image, index) => runs(image, `c${index}`)))]);

    const json = await scan("--cluster", "shop", "--json");
    const table = await scan("--cluster", "shop");

    assert.equal(json.code, 0, json.stderr);
    const images: Found[] = JSON.parse(json.stdout).images;
    const found = images.map(({ digest, signatures }) => [
      digest,
      signatures.map(({ state, account }) => [state, account]),
    ]);
    assert.deepEqual(
      new Map(found as [string, unknown][]),
      new Map<string, unknown>([
        [signed.descriptor.digest, [["valid", ACCOUNT]]],
        [unsigned.descriptor.digest, []],
        [foreign.descriptor.digest, [["valid", "999988887777"]]],
        [expired.descriptor.digest, [["expired", ACCOUNT]]],
        [tampered.descriptor.digest, [["invalid", null]]],
      ]),
    );
    assert.match(table.stdout, /\nunsigned +127\S+ +[0-9a-f]{12} +shop\/web +1 +-\n/);
    assert.match(table.stdout, /\nvalid +127\S+ +[0-9a-f]{12} +shop\/web +1 +999988887777:release \(valid\)\n/);
    assert.match(table.stdout, /\nrelease +111122223333 \(this\) +eu-west-1 +1 +0 +1 +0 +20/);
  });

  it("suggests a trust document that trust check accepts, and that trusts what was signed by this account alone", async () => {
    const revoked = await scene().image();
    const { jobArn } = await scene().sign(revoked);
    scene().stack.signer.revokeJob(jobArn);
    const foreign = await scene().image();
    await scene().sign(foreign, {}, scene().foreign);
    const all = [signed, unsigned, revoked, foreign];
    running.put("shop", [service("web", ...all.map((image, index) => runs(image, `c${index}`)))]);
    const file = join(folder, "suggested.yaml");

    const suggested = await scan("--cluster", "shop", "--suggest", file);
    const text = await readFile(file, "utf8");
    const checked = await cli.run(["trust", "check", file, "--strict"]);
    const judged = await scan("--cluster", "shop", "--trust", file, "--json");

    assert.equal(suggested.code, 0, suggested.stderr);
    assert.equal(checked.code, 0, checked.stdout);
    assert.doesNotMatch(text, /"\*"/);
    assert.match(text, /\n {6}- "arn:\S+\/release" # signs 1 running image, 1 revoked\n/);
    assert.match(
      text,
      /# UNKNOWN SIGNER: [\s\S]*\n# {3}arn:aws:signer:eu-west-1:999988887777:\S+: signs 1 running image\n/,
    );
    assert.equal([...text.matchAll(/^# {3}- image: .*\n#.* owner: ""\n#.* reason: ""\n#.* expires: ""$/gm)].length, 3);
    const trusted = JSON.parse(judged.stdout).images.filter((one: Found) => one.verdict.status === "trusted");
    assert.deepEqual(
      trusted.map(({ digest }: Found) => digest),
      [signed.descriptor.digest],
    );
  });

  it("takes the profiles of further accounts that are named, and never overwrites a file unasked", async () => {
    const foreign = await scene().image();
    await scene().sign(foreign, {}, scene().foreign);
    running.put("shop", [service("web", runs(foreign))]);
    const file = join(folder, "other.yaml");
    const suggest = (...more: readonly string[]) => scan("--cluster", "shop", "--suggest", file, ...more);

    const nobody = await suggest();
    assert.deepEqual([nobody.code, existsSync(file)], [2, false]);
    assert.match(nobody.stderr, /Nothing that runs has a valid signature by a profile of 111122223333, /);

    assert.equal((await suggest("--account", "999988887777")).code, 0);
    const text = await readFile(file, "utf8");
    assert.match(text, /\n {6}- "arn:aws:signer:eu-west-1:999988887777:\/signing-profiles\/release" # signs 1/);
    assert.equal((await cli.run(["trust", "check", file])).code, 0);

    await writeFile(file, "mine");
    const again = await suggest("--account", "999988887777");
    assert.deepEqual([again.code, await readFile(file, "utf8")], [64, "mine"]);
    assert.match(again.stderr, /is there already\. Name another file, or add --force/);
    assert.equal((await suggest("--account", "999988887777", "--force")).code, 0);
    assert.notEqual(await readFile(file, "utf8"), "mine");
  });

  it("asks about a signature in the region of its profile, where its revocation is known, wherever the image runs", async () => {
    const west = runningTasks(HEAD.replace("eu-west-1", "us-west-2"));
    west.put("shop", [service("web", runs(signed))]);
    const elsewhere = await startAws(west.answers);
    const before = scene().stack.signer.requests.length;
    try {
      const words = ["scan", "--region", "us-west-2", "--cluster", "shop", "--json", ...cli.withRoot];
      const { code, stdout } = await cli.run(words, {
        environment: { AWS_ENDPOINT_URL: elsewhere.url },
      });

      const asked = scene()
        .stack.signer.requests.slice(before)
        .flatMap(({ headers }) => {
          const [, region] = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(headers.authorization ?? "") ?? [];
          return region ?? [];
        });
      assert.deepEqual([code, asked], [0, ["eu-west-1"]]);
      assert.equal(JSON.parse(stdout).images[0].signatures[0].state, "valid");
    } finally {
      await elsewhere.close();
    }
  });

  it("trusts nobody in a suggestion of whom Signer says nothing, and answers 2", async () => {
    running.put("shop", [service("web", runs(signed))]);
    scene().stack.signer.failWith({ status: 403, type: "AccessDeniedException", message: "no permission" });
    const file = join(folder, "silent.yaml");

    const { code, stdout } = await scan("--cluster", "shop", "--suggest", file);

    assert.deepEqual([code, existsSync(file)], [2, false]);
    assert.match(stdout, /\nunknown +127\S+ .* release \(unknown\)\n/);
  });

  it("keeps hostile names text, and says of an image that cannot be read why", async () => {
    const hostile = { name: "web", image: "evil\u001b[2J/../x", imageDigest: `sha256:${"c".repeat(64)}` };
    const lost = { name: "lost", image: `${scene().registry}/team/lost:v1`, imageDigest: `sha256:${"d".repeat(64)}` };
    running.put("shop", [{ group: "service:\u001b]0;owned\u0007", containers: [hostile, lost] }]);

    const { code, stdout, stderr } = await scan("--cluster", "shop");

    assert.equal(code, 2);
    assert.ok(![...stdout, ...stderr].some((character) => character < " " && character !== "\n"));
    assert.match(stdout, /evil\\u\{1b\}/);
    assert.match(stdout, /team\/lost d{12}: Asking the registry for the image failed: /);
  });

  it("says what is wrong with the call", async () => {
    running.put("shop", []);
    const wrong: readonly (readonly [words: readonly string[], message: RegExp])[] = [
      [[], /^Say what to scan: --cluster NAME/],
      [["--cluster", "shop", "--all-clusters"], /not both/],
      [["--cluster", "shpo"], /^There is no cluster shpo in eu-west-1\. aws ecs list-clusters --region eu-west-1/],
      [["--cluster", "shop", "--outputs", outputs], /^Say with --trust FILE what the environment trusts/],
      [["--cluster", "shop", "--trust", trust, "--suggest", "x.yaml"], /^--suggest makes a trust document/],
      [["--cluster", "shop", "--signing-profile", scene().release.arn], /are for a trust document: give --trust FILE/],
      [["--cluster", "shop", "--force"], /^--force is for the file of --suggest/],
    ];
    for (const [words, message] of wrong) {
      const { code, stdout, stderr } = await scan(...words);
      assert.deepEqual([code, stdout], [64, ""], words.join(" "));
      assert.match(stderr, message);
    }
    const empty = await scan("--cluster", "shop", "--trust", trust);
    assert.deepEqual([empty.code, empty.stdout, empty.stderr], [0, "", "0 tasks in 1 cluster: nothing runs.\n"]);
  });
});

interface Found {
  readonly digest: string;
  readonly places: unknown;
  readonly verdict: { readonly code: string; readonly status: string };
  readonly signatures: readonly { readonly state: string; readonly account: string | null }[];
}

const PREFIXES: Readonly<Record<string, string>> = { ECS: "ecs", DynamoDB: "dynamodb", TrentService: "kms" };
