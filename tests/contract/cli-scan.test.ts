// Real: signatures, registry, notation, judging, the command. Stand-ins over HTTP: ECS, the table and key of the orders, Signer.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { OUTPUTS_WITH_ORDERS } from "../support/environment-outputs";
import { block } from "../support/orders";
import { ACCOUNT, type FoundImage, HEAD, runs, service, useScan } from "./support/scan";

describe("contract: ecs-image-verification scan, with a trust document", function () {
  this.timeout(180_000);
  const shop = useScan();
  const { running, scan, scene } = shop;
  const revocationCalls = () =>
    scene().stack.signer.requests.filter(({ operation }) => operation === "GetRevocationStatus").length;

  it("judges each digest once, and says where it runs", async () => {
    const [web, api] = [
      service("web", runs(shop.signed), runs(shop.unsigned, "proxy")),
      service("api", runs(shop.signed)),
    ];
    running.put("shop", [web, web, web, api]);
    running.put("jobs", [{ family: "nightly", containers: [runs(shop.signed)] }]);
    const asked = revocationCalls();

    const { code, stdout, stderr } = await scan("--all-clusters", "--trust", shop.trust, "--json");

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
      images.map((one: FoundImage) => [one.verdict.code, one.digest, one.places]),
      [
        [
          "no-signature",
          shop.unsigned.descriptor.digest,
          [{ cluster: cluster("shop"), service: "web", group: "service:web", containers: 3 }],
        ],
        [
          "signature-valid",
          shop.signed.descriptor.digest,
          [
            { cluster: cluster("shop"), service: "web", group: "service:web", containers: 3 },
            { cluster: cluster("shop"), service: "api", group: "service:api", containers: 1 },
            { cluster: cluster("jobs"), service: null, group: "family:nightly", containers: 1 },
          ],
        ],
      ],
    );
    assert.equal(revocationCalls() - asked, 1);
    assert.equal(stderr, "8 containers of 5 tasks in 2 clusters run 2 images: 1 trusted, 1 denied.\n");
  });

  it("shows a table, with what AWS adds and who signed", async () => {
    const agent = { name: "aws-guardduty-agent-nm40lC", imageDigest: `sha256:${"b".repeat(64)}` };
    running.put("shop", [service("web", runs(shop.signed), agent)]);

    const { code, stdout } = await scan("--cluster", "shop", "--trust", shop.trust);

    const lines = stdout.trimEnd().split("\n");
    assert.equal(code, 0, stdout);
    assert.match(lines[0] ?? "", /^status +code +repository +digest +runs in +containers +signed by$/);
    assert.match(lines[1] ?? "", /^exempt +aws-injected +\(added by AWS\) +b{12} +shop\/web +1 +-$/);
    assert.match(lines[2] ?? "", /^trusted +signature-valid +127\S+ +[0-9a-f]{12} +shop\/web +1 +release$/);
    assert.match(stdout, /\n\nstatus +code +images +containers\nexempt +aws-injected +1 +1\ntrusted +/);
  });

  it("obeys the orders of an environment, and needs credentials of its account", async () => {
    running.put("shop", [service("web", runs(shop.signed))]);
    shop.orders = [block({ digest: shop.signed.descriptor.digest, from: new Date().toISOString() })];
    const of = ["--cluster", "shop", "--trust", shop.trust, "--outputs"];
    const foreignOutputs = join(shop.folder, "foreign-outputs.json");
    await writeFile(foreignOutputs, JSON.stringify({ ...OUTPUTS_WITH_ORDERS, account: "444455556666" }));

    const blocked = await scan(...of, shop.outputs, "--json");
    const foreign = await scan(...of, foreignOutputs);

    assert.equal(blocked.code, 1, blocked.stderr);
    const { environment, images } = JSON.parse(blocked.stdout);
    assert.deepEqual([environment, images[0].verdict.code], ["prod", "digest-blocked"]);
    assert.deepEqual([foreign.code, foreign.stdout], [64, ""]);
    assert.match(foreign.stderr, /credentials are of account 111122223333, and the environment prod of 444455556666/);
  });

  it("answers 2 if something could not be found out, and names it", async () => {
    running.put("shop", [service("web", runs(shop.signed))]);
    running.put("secret", [service("web", runs(shop.unsigned))]);
    shop.refused = ["secret"];

    const partly = await scan("--all-clusters", "--trust", shop.trust, "--json");
    shop.refused = ["secret", "shop"];
    const nothing = await scan("--all-clusters", "--trust", shop.trust);

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
    running.put("shop", [service("web", runs(shop.signed), agent)]);
    const of = ["--all-clusters", "--trust", shop.trust, "--outputs", shop.outputs];
    const before = shop.aws.calls().length;
    await scan(...of);
    const calls = shop.aws.calls().slice(before);

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
    assert.deepEqual([code, shop.aws.calls().length - before - calls.length], [0, 0]);
  });

  it("says what is wrong with the call", async () => {
    running.put("shop", []);
    const wrong: readonly (readonly [words: readonly string[], message: RegExp])[] = [
      [[], /^Say what to scan: --cluster NAME/],
      [["--cluster", "shop", "--all-clusters"], /not both/],
      [["--cluster", "shpo"], /^There is no cluster shpo in eu-west-1\. aws ecs list-clusters --region eu-west-1/],
      [["--cluster", "shop", "--outputs", shop.outputs], /^Say with --trust FILE what the environment trusts/],
      [["--cluster", "shop", "--trust", shop.trust, "--suggest", "x.yaml"], /^--suggest makes a trust document/],
      [["--cluster", "shop", "--signing-profile", scene().release.arn], /are for a trust document: give --trust FILE/],
      [["--cluster", "shop", "--force"], /^--force is for the file of --suggest/],
    ];
    for (const [words, message] of wrong) {
      const { code, stdout, stderr } = await scan(...words);
      assert.deepEqual([code, stdout], [64, ""], words.join(" "));
      assert.match(stderr, message);
    }
    const empty = await scan("--cluster", "shop", "--trust", shop.trust);
    assert.deepEqual([empty.code, empty.stdout, empty.stderr], [0, "", "0 tasks in 1 cluster: nothing runs.\n"]);
  });
});

const PREFIXES: Readonly<Record<string, string>> = { ECS: "ecs", DynamoDB: "dynamodb", TrentService: "kms" };
