import assert from "node:assert/strict";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateServiceCommand } from "@aws-sdk/client-ecs";
import { draftOpening, proveOpening, writeOpening } from "../../automation/operations/orders/give-opening";
import type { OpeningPlace } from "../../automation/operations/orders/order-place";
import { openingKey } from "../../verifier/src/orders/opening";
import { LAUNCH_LIMIT_MS, startOpenings } from "../../verifier/src/orders/start";
import { GATE } from "../support/gate-hooks";
import { type CommandLine, commandLine } from "./support/command-line";
import { failing, THROTTLED } from "./support/proxy";
import { useAws } from "./support/scene";

const HOUR_MS = 3_600_000;
const GIVEN = ["--for", "2h", "--reason", "signing is down"];

describe("AWS: ecs-image-verification gate open", function () {
  this.timeout(60_000);
  const aws = useAws();
  let cli: CommandLine;
  let cluster: string;
  let service: string;
  let outputs: Parameters<typeof commandLine>[1];
  beforeEach(async () => {
    const { account, ecs } = aws();
    const { ORDERS_TABLE: ordersTable, ORDERS_KEY_ARN: ordersKeyArn } = account.resources;
    outputs = { ordersTable, ordersKeyArn, exemptionHours: 8, gateOpenHours: 8, gateMode: "enforce" };
    outputs = { ...outputs, gateTargetArn: GATE.targetArn, gateInvokerRoleArn: GATE.roleArn };
    cli = await commandLine(aws().address, outputs);
    const created = await ecs.send(
      new CreateServiceCommand({
        cluster: account.cluster,
        serviceName: "web",
        taskDefinition: account.taskDefinition,
        desiredCount: 0,
      }),
    );
    service = created.service?.serviceArn ?? "";
    cluster = account.cluster.slice(account.cluster.lastIndexOf("/") + 1);
  });
  afterEach(() => cli?.close());

  const open = (...words: readonly string[]) => cli.run(["gate", "open", ...words, "--outputs", cli.outputs]);
  const place = (environment = "prod"): OpeningPlace => ({
    ...aws().withOrders().place,
    environment,
    openHours: 8,
  });

  /** What the gate finds, with the same table and key. */
  async function found(arn: string) {
    const refused: string[] = [];
    const find = startOpenings({
      ...place(),
      limitMs: LAUNCH_LIMIT_MS,
      now: Date.now,
      onRefused: (reason) => refused.push(reason),
      onUnavailable: assert.fail,
    });
    return { opening: await find(arn), refused };
  }

  it("gives an opening that the gate obeys for this service only, lists it and ends it", async () => {
    const given = await open(`${cluster}/web`, ...GIVEN, "--owner", "payments", "--json");

    const { id, from, until, ...rest } = JSON.parse(given.stdout);
    assert.deepEqual(rest, { kind: "open", service, owner: "payments", reason: "signing is down" });
    assert.deepEqual([given.code, given.stderr, Date.parse(until) - Date.parse(from)], [0, "", 2 * HOUR_MS]);
    assert.equal((await found(service)).opening?.id, id);
    assert.deepEqual(await found(service.replace(/web$/, "api")), { opening: undefined, refused: [] });
    const listed = await open("list");
    assert.match(
      listed.stdout,
      new RegExp(`^${service}\\n {2}from +\\S+Z\\n {2}until +\\S+Z\\n {2}owner +payments\\n`),
    );
    assert.match(listed.stdout, /\n {2}state +in force\n$/);

    const ended = await open("end", service);
    const again = await open("end", `${cluster}/web`);
    assert.deepEqual([ended.code, ended.stdout.split("\n", 1)[0]], [0, service]);
    assert.deepEqual([again.code, again.stdout], [1, ""]);
    assert.match(
      again.stderr,
      /^There is no opening for arn:\S+ in prod\. One for every service is ended with --all\.\n$/,
    );
    assert.equal((await found(service)).opening, undefined);
  });

  it("says where the launch detector enforces: it stops the tasks that the gate lets through", async () => {
    for (const [exemptionHours, way] of [
      [8, /Exempt the image as well: ecs-image-verification exempt IMAGE@sha256:DIGEST/],
      [0, /An exemption for hours is not allowed here \(breakGlass: false\)/],
    ] as const) {
      await cli.close();
      cli = await commandLine(aws().address, { ...outputs, mode: "enforce", exemptionHours });

      const { stderr } = await open(`${cluster}/web`, ...GIVEN);

      assert.match(stderr, /But prod is in mode enforce: the launch detector stops the tasks/);
      assert.match(stderr, way);
    }
  });

  it("opens for every service, which is ended only as such", async () => {
    const given = await open("--all", ...GIVEN);

    assert.equal(given.code, 0);
    assert.match(given.stdout, /^every service\n {2}from /);
    assert.match(
      given.stderr,
      /^The gate is open for every service of prod until \S+Z\. It still refuses a blocked image\./,
    );
    assert.equal((await found(service)).opening?.service, "all");
    assert.equal((await open("end", service)).code, 1);
    assert.equal((await open("end", "--all")).code, 0);
    assert.equal((await found(service)).opening, undefined);
  });

  it("shows what does not count: ended, too long, given by somebody else, unreadable", async () => {
    const at = (hours: number) => new Date(Date.now() + hours * HOUR_MS);
    const give = async (reason: string, from: Date, hours: number, proven = place()) => {
      const opening = draftOpening({ service, reason, forMs: hours * HOUR_MS }, from);
      await writeOpening(place(), opening, await proveOpening(proven, opening));
    };
    await give("over", at(-3), 2);
    await give("long", at(0), 9);
    await give("forged", at(0), 1, place("dev"));
    const item = { digest: { S: openingKey(service) }, id: { S: "made-up" } };
    await place().dynamodb.send(new PutItemCommand({ TableName: place().table, Item: item }));

    const { code, stdout, stderr } = await open("list", "--json");

    const states = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.equal(code, 0);
    assert.deepEqual(Object.fromEntries(states.map(({ reason, state }) => [reason, state])), {
      over: "ended",
      long: "too-long",
      forged: "unproven",
    });
    assert.match(stderr, /^1 item of the table cannot be read/);
    const { opening, refused } = await found(service);
    assert.deepEqual([opening, refused.length], [undefined, 3]);
    assert.match((await open("list")).stdout, /state +REFUSED: longer than[\s\S]*state +REFUSED: not proven/);
    assert.equal((await cli.run(["block", "list", "--outputs", cli.outputs])).stderr, "No blocks in prod.\n");
  });

  it("says what is wrong with the call, and gives nothing", async () => {
    const wrong: readonly (readonly [words: readonly string[], message: RegExp])[] = [
      [[service, "--for", "9h", "--reason", "x"], /^--for is longer than the 8 hours that the environment prod allows/],
      [[service, "--for", "2h"], /required option '--reason <text>' not specified/],
      [[service, "--all", ...GIVEN], /^Name a service, or say --all, not both/],
      [GIVEN, /^Say which service: CLUSTER\/NAME or its ARN, or --all/],
      [[service, service, ...GIVEN], /too many arguments/],
      [[service, "--for", "2h", "--reason", "x".repeat(501)], /one line of 1 to 500 characters/],
      [[service, "--for", "2h", "--reason", "a\nb"], /^"a\\nb" has a line break .* or write one line/],
      [["web", ...GIVEN], /'web' is neither a service nor a command of gate open/],
      [["arn:aws:ecs:eu-west-1:111122223333:service/web", ...GIVEN], /It must be CLUSTER\/NAME, or the ARN/],
      [[service.replace("eu-west-1", "eu-west-2"), ...GIVEN], /is of account \d+ in eu-west-2, the environment of/],
      [
        [service.replace(/\d{12}/, "444455556666"), ...GIVEN],
        /is of account 444455556666 in eu-west-1, the environment of/,
      ],
      [[`${cluster}/wbe`, ...GIVEN], /^ECS knows no service \S+\/wbe in account .* give its ARN: arn:aws:ecs:/],
      [[`nowhere/web`, ...GIVEN], /^ECS knows no service nowhere\/web in account /],
    ];
    for (const [words, message] of wrong) {
      const { code, stdout, stderr } = await open(...words);
      assert.deepEqual([code, stdout], [64, ""], words.join(" "));
      assert.match(stderr, new RegExp(message.source, `${message.flags}m`));
    }
    assert.equal((await open("list")).stdout, "");
  });

  it("opens for a service that is yet to be created, by its ARN, and where services cannot be described", async () => {
    const later = service.replace(/web$/, "later");
    const unknown = await open(later, ...GIVEN, "--json");
    const body = JSON.stringify({
      __type: "AccessDeniedException",
      message: "not authorized to perform: ecs:DescribeServices",
    });
    aws().aws(failing("ecs", { ...THROTTLED, body }));
    const refused = await open(`${cluster}/web`, ...GIVEN, "--json");

    assert.deepEqual([unknown.code, JSON.parse(unknown.stdout).service], [0, later]);
    assert.match(unknown.stderr, /^ECS does not know \S+\/later yet\.\n$/);
    assert.deepEqual([refused.code, JSON.parse(refused.stdout).service], [0, service]);
    assert.match(refused.stderr, /^Whether there is a service \S+\/web could not be found out: AccessDeniedException/);
  });

  it("gives none where the environment allows none, has no gate, or only audits, and says how", async () => {
    const call = async (changes: Parameters<typeof commandLine>[1]) => {
      const other = await commandLine(aws().address, { ...outputs, ...changes });
      const run = await other.run(["gate", "open", service, ...GIVEN, "--outputs", other.outputs]);
      await other.close();
      return run;
    };
    const off = await call({ gateOpenHours: 0 });
    const none = await call({ gateTargetArn: undefined });
    const audits = await call({ gateMode: "audit" });

    assert.deepEqual([off.code, none.code, audits.code], [64, 64, 0]);
    assert.match(
      off.stderr,
      /^The environment prod does not allow its gate to be opened\. .*gate\.open: \{ maxHours: 8 \}/,
    );
    assert.match(none.stderr, /^The environment prod has no deployment gate/);
    assert.match(audits.stderr, /^The gate audits here and refuses nothing/);
    const elsewhere = await call({ gateMode: "audit", gateEnforce: [service.replace(/web$/, "api")] });
    const here = await call({ gateMode: "audit", gateEnforce: [service] });
    assert.match(elsewhere.stderr, /^The gate audits here and refuses nothing/);
    assert.match(here.stderr, /^The gate is open for this service of prod until /);
  });

  it("says which permission is missing, and that nothing was given", async () => {
    const body = JSON.stringify({ __type: "AccessDeniedException", message: "not authorized to perform: kms:Encrypt" });
    aws().aws(failing("kms", { ...THROTTLED, body }));

    const { code, stdout, stderr } = await open(service, ...GIVEN);

    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(
      stderr,
      /^Proving the opening with the key arn:aws:kms:\S+ failed: .* These credentials need kms:Encrypt/,
    );
    aws().aws();
    assert.equal((await open("list")).stderr, "No openings of the gate in prod.\n");
  });
});
