// ECS is the stand-in of tests/support/fake-ecs.ts, over HTTP: moto 5.2.5 knows no lifecycle hooks.
import assert from "node:assert/strict";
import { useFakeEcs } from "../support/fake-ecs";
import { AUDIT, GATE, gateHook, otherHook, PAUSE_HOOK } from "../support/gate-hooks";
import { type CommandLine, commandLine } from "./support/command-line";

const OUTPUTS = { gateTargetArn: GATE.targetArn, gateInvokerRoleArn: GATE.roleArn, gateMode: "enforce" } as const;

describe("AWS: ecs-image-verification gate attach and detach", () => {
  const ecs = useFakeEcs();
  let cli: CommandLine;
  const start = async (changes: Parameters<typeof commandLine>[1] = {}) => {
    cli = await commandLine(ecs().url.replace("http://", ""), { ...OUTPUTS, ...changes });
  };
  beforeEach(() => start());
  afterEach(() => cli?.close());

  const gate = (...words: readonly string[]) => cli.run(["gate", ...words, "--outputs", cli.outputs]);
  const jsonLines = (stdout: string) =>
    stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));

  it("attaches to a service that is named, shows a table, and makes no call the second time", async () => {
    const web = ecs().put("shop", "web", { hooks: [otherHook(), PAUSE_HOOK] });

    const first = await gate("attach", "shop/web");
    const second = await gate("attach", web);

    assert.deepEqual([first.code, second.code], [0, 0]);
    assert.deepEqual(ecs().hooksOf(web), [otherHook(), PAUSE_HOOK, gateHook()]);
    assert.equal(ecs().updates().length, 1);
    assert.match(first.stdout, /^service {3}gate {6}why\nshop\/web {2}attached\n$/);
    assert.match(first.stderr, /^attached {2}shop\/web\n1 service: 1 attached\.\n$/);
    assert.match(second.stdout, /\nshop\/web {2}already attached\n$/);
  });

  it("detaches only ours from every service, in clusters that are watched or not", async () => {
    await cli.close();
    await start({ watchedClusters: [] });
    const web = ecs().put("shop", "web", { hooks: [otherHook(), gateHook()] });
    const api = ecs().put("other", "api", { hooks: [gateHook({}, AUDIT)] });
    const third = ecs().put("other", "third", { hooks: [otherHook()] });

    const { code, stdout } = await gate("detach", "--all", "--yes", "--json");

    assert.deepEqual([code, ecs().hooksOf(web), ecs().hooksOf(api)], [0, [otherHook()], []]);
    assert.equal(ecs().updates().length, 2);
    const byService = Object.fromEntries(jsonLines(stdout).map((one) => [one.service, one]));
    assert.deepEqual(byService[third]?.result, "unchanged");
    assert.deepEqual(byService[web], {
      environment: "prod",
      change: "detach",
      cluster: "arn:aws:ecs:eu-west-1:111122223333:cluster/shop",
      service: web,
      result: "changed",
      reason: null,
      error: null,
      before: [otherHook(), gateHook()],
      after: [otherHook()],
    });
  });

  it("attaches to all services of the watched clusters, and leaves those that cannot have it or must be named", async () => {
    await cli.close();
    await start({ watchedClusters: ["arn:aws:ecs:eu-west-1:111122223333:cluster/shop"] });
    const web = ecs().put("shop", "web");
    ecs().put("shop", "blue", { deploymentController: { type: "CODE_DEPLOY" } });
    ecs().put("shop", "agent", { schedulingStrategy: "DAEMON" });
    ecs().put("shop", "express", { resourceManagementType: "ECS" });
    ecs().put("unwatched", "api");

    const { code, stdout } = await gate("attach", "--all", "--yes");

    assert.deepEqual([code, ecs().updates()], [0, [{ service: web, hooks: [gateHook()] }]]);
    assert.match(stdout, /\nshop\/blue +left as it is +its deployment controller is not ECS: it cannot have hooks\n/);
    assert.match(stdout, /\nshop\/agent +left as it is +scheduling strategy DAEMON: name it to include it\n/);
    assert.match(stdout, /\nshop\/express +left as it is +Express Mode: name it to include it\n/);
    assert.doesNotMatch(stdout, /unwatched/);
    assert.equal((await gate("attach", "shop/agent", "shop/express")).code, 0);
    assert.equal(ecs().updates().length, 3);
  });

  it("does not take a cluster that is misspelt for one without services", async () => {
    ecs().put("shop", "web");

    for (const command of ["attach", "detach"]) {
      const { code, stderr } = await gate(command, "--all", "--cluster", "shp", "--yes");

      assert.equal(code, 64);
      assert.match(stderr, /ECS knows no cluster shp in account 111122223333 in eu-west-1\./);
    }
  });

  it("in audit, gives only the listed clusters and services the hook of enforce", async () => {
    await cli.close();
    const api = "arn:aws:ecs:eu-west-1:111122223333:service/other/api";
    const gateEnforce = ["arn:aws:ecs:eu-west-1:111122223333:cluster/shop", api];
    await start({ gateMode: "audit", gateEnforce });
    const [web, audited] = [ecs().put("shop", "web"), ecs().put("other", "audited")];
    ecs().put("other", "api");

    const { code } = await gate("attach", "shop/web", "other/audited", "other/api");

    assert.equal(code, 0);
    for (const [service, hook] of [
      [web, gateHook()],
      [api, gateHook()],
      [audited, gateHook({}, AUDIT)],
    ] as const) {
      assert.deepEqual(ecs().hooksOf(service), [hook], service);
    }
  });

  it("shows in a dry run what it would do, and changes nothing", async () => {
    ecs().put("shop", "web");
    ecs().put("shop", "api", { hooks: [gateHook()] });

    const { code, stdout, stderr } = await gate("attach", "--all", "--dry-run");

    assert.deepEqual([code, ecs().updates()], [0, []]);
    assert.match(stdout, /\nshop\/api +already attached\nshop\/web +to attach\n$/);
    assert.match(stderr, /2 services: 1 already attached, 1 to attach\.\nNothing was changed\.\n$/);
  });

  it("exits with 75 for a service that is being deployed, and goes on with it later", async () => {
    const web = ecs().put("shop", "web", { deployments: [{ rolloutState: "IN_PROGRESS" }] });
    ecs().put("shop", "api");

    const first = await gate("attach", "--all", "--yes");
    ecs().put("shop", "web");
    const second = await gate("attach", "--all", "--yes");

    assert.deepEqual([first.code, second.code], [75, 0]);
    assert.match(first.stdout, /\nshop\/web +left as it is +it is being deployed: try again/);
    assert.deepEqual(
      ecs()
        .updates()
        .map(({ service }) => service)
        .at(-1),
      web,
    );
  });

  it("exits with 1 if a service that was named cannot have the hook", async () => {
    ecs().put("shop", "old", { status: "INACTIVE" });

    const { code, stdout } = await gate("attach", "shop/old", "shop/none");

    assert.deepEqual([code, ecs().updates()], [1, []]);
    assert.match(
      stdout,
      /\nshop\/old +left as it is +it is being deleted, or was\nshop\/none +left as it is +there is no such service\n$/,
    );
  });

  it("goes on after a service that fails, and says which permission is needed", async () => {
    const [web, api] = [ecs().put("shop", "web"), ecs().put("shop", "api")];
    ecs().fail(({ operation, input }) =>
      operation === "UpdateService" && input.service === web
        ? { type: "AccessDeniedException", message: "User is not authorized to perform: iam:PassRole\nmore" }
        : undefined,
    );

    const { code, stdout, stderr } = await gate("attach", "--all", "--yes");

    assert.equal(code, 2);
    assert.deepEqual(ecs().hooksOf(api), [gateHook()]);
    assert.match(
      stdout,
      /\nshop\/web +failed +AccessDeniedException: User is not authorized to perform: iam:PassRole\n$/,
    );
    assert.match(stderr, /These credentials need ecs:UpdateService on it, and iam:PassRole/);
  });

  it("ends when several services in turn have failed", async () => {
    for (let index = 0; index < 7; index += 1) ecs().put("shop", `web-${index}`);
    ecs().fail(({ operation }) =>
      operation === "UpdateService" ? { type: "AccessDeniedException", message: "no" } : undefined,
    );

    const { code, stdout } = await gate("attach", "--all", "--yes");

    assert.deepEqual([code, ecs().updates().length], [2, 5]);
    assert.match(stdout, /\nshop\/web-6 +to attach\n/);
  });

  it("stops the run, with before and after, if a service has other hooks than were written", async () => {
    ecs().put("shop", "a", { hooks: [otherHook()] });
    const next = ecs().put("shop", "b");
    ecs().storing((hooks) => hooks.slice(1));

    const { code, stderr } = await gate("attach", "--all", "--yes");

    assert.deepEqual([code, ecs().updates().length, ecs().hooksOf(next)], [2, 1, []]);
    assert.match(
      stderr,
      /\nshop\/a has other lifecycle hooks than were written.*\nBefore: .*canary.*\nWritten: .*\nNow: /,
    );
  }).timeout(60_000);

  it("asks before it changes all services, and without a terminal says how to answer", async () => {
    ecs().put("shop", "web");

    const { code, stderr } = await gate("attach", "--all");

    assert.deepEqual([code, ecs().updates()], [64, []]);
    assert.match(
      stderr,
      /^This attaches the gate of prod, mode enforce, to 1 service\..*\n.*add --yes\. Nothing was done\.\n$/,
    );
  });

  it("ends after the service at work when it is interrupted, and goes on with the rest when called again", async () => {
    const services = ["a", "b", "c"].map((name) => ecs().put("shop", name));
    const running = cli.start(["gate", "attach", "--all", "--yes", "--outputs", cli.outputs]);
    await running.says("stderr", /attached {2}shop\/a\n/);

    running.signal("SIGINT");
    const { code, stdout } = await running.ended;

    assert.equal(code, 130);
    assert.match(stdout, /\nshop\/c +to attach\n/);
    assert.equal((await gate("attach", "--all", "--yes")).code, 0);
    assert.deepEqual(
      ecs()
        .updates()
        .map(({ service }) => service),
      services,
    );
  });

  const mistakes: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["no services", ["attach"], /^Say which services: CLUSTER\/NAME or their ARNs, or --all/],
    ["services and --all", ["attach", "shop/web", "--all"], /^Name services, or say --all, not both\./],
    ["a cluster for a named service", ["detach", "shop/web", "--cluster", "shop"], /^--cluster is for --all/],
    ["a name without its cluster", ["attach", "web"], /It must be CLUSTER\/NAME, or the ARN/],
    [
      "a service of another region",
      ["attach", "arn:aws:ecs:us-east-1:111122223333:service/shop/web"],
      /is of account 111122223333 in us-east-1, the environment of 111122223333 in eu-west-1/,
    ],
  ];
  for (const [what, words, message] of mistakes) {
    it(`says what is wrong with ${what}`, async () => {
      const { code, stderr } = await gate(...words);

      assert.equal(code, 64);
      assert.match(stderr, message);
      assert.deepEqual(ecs().calls, []);
    });
  }

  it("says how to get a gate where the environment has none", async () => {
    await cli.close();
    await start({ gateTargetArn: undefined });

    const { code, stderr } = await gate("attach", "shop/web");

    assert.equal(code, 64);
    assert.match(stderr, /^The environment prod has no deployment gate: .*Add `gate: \{\}` to its stack file/);
  });
});
