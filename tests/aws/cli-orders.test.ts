import assert from "node:assert/strict";
import { DIGEST, IMAGE, OTHER_DIGEST, runningEvent } from "../support/launch-events";
import { type CommandLine, commandLine } from "./support/command-line";
import { failing, THROTTLED } from "./support/proxy";
import { useAws } from "./support/scene";

const APP = IMAGE.replace(/:1$/, "");
const BLOCK = ["block", `${APP}@${DIGEST}`, "--reason", "it is exploited"];
const EXEMPT = ["exempt", `${APP}@${DIGEST}`, "--for", "4h", "--owner", "payments", "--reason", "hotfix"];

describe("AWS: ecs-image-verification block and exempt", function () {
  this.timeout(60_000);
  const aws = useAws();
  let cli: CommandLine;
  beforeEach(async () => {
    const { ORDERS_TABLE: ordersTable, ORDERS_KEY_ARN: ordersKeyArn } = aws().account.resources;
    cli = await commandLine(aws().address, { ordersTable, ordersKeyArn, exemptionHours: 8 });
  });
  afterEach(() => cli?.close());

  const run = (words: readonly string[]) => cli.run([...words, "--outputs", cli.outputs]);

  it("gives a block that the verifier obeys, lists it and ends it", async () => {
    const given = await run([...BLOCK, "--owner", "security", "--json"]);
    const order = JSON.parse(given.stdout);
    assert.deepEqual(
      [given.code, order.kind, order.digest, order.image, order.until, order.owner],
      [0, "block", DIGEST, APP, null, "security"],
    );
    const { detector } = aws().withOrders();
    await detector.clock.pass(Date.now() - detector.now());
    const { account } = aws();
    const event = { ...runningEvent({ clusterArn: account.cluster, taskArn: await account.runTask() }) };
    await detector.handle(event);
    assert.deepEqual(
      (await account.events()).map(({ code }) => code),
      ["digest-blocked"],
    );

    const listed = await run(["block", "list"]);
    assert.match(
      listed.stdout,
      new RegExp(`^${APP}@${DIGEST}\\n {2}from +\\S+Z\\n {2}until +no end\\n {2}owner +security`),
    );
    assert.match(listed.stdout, /\n {2}state +in force\n$/);
    assert.equal((await run(["exempt", "list"])).stdout, "");

    const ended = await run(["block", "end", `somewhere.example.com/else@${DIGEST}`]);
    assert.deepEqual([ended.code, ended.stdout.split("\n", 1)[0]], [0, `${APP}@${DIGEST}`]);
    const again = await run(["block", "end", `${APP}@${DIGEST}`]);
    assert.deepEqual([again.code, again.stdout], [1, ""]);
    assert.match(again.stderr, /^There is no block of sha256:\S+ in prod\.\n$/);
  });

  it("gives an exemption for its time", async () => {
    const { code, stdout, stderr } = await run([...EXEMPT, "--json"]);

    const { from, until, reason } = JSON.parse(stdout);
    assert.deepEqual([code, stderr, Date.parse(until) - Date.parse(from), reason], [0, "", 4 * 3_600_000, "hotfix"]);
    const [listed] = (await run(["exempt", "list", "--json"])).stdout.trim().split("\n");
    assert.equal(JSON.parse(listed ?? "").state, "in-force");
  });

  it("gives none that the environment does not allow, and says what it allows", async () => {
    const long = await run(EXEMPT.map((word) => (word === "4h" ? "9h" : word)));
    assert.equal(long.code, 64);
    assert.match(long.stderr, /^--for is longer than the 8 hours that the environment prod allows/);

    const off = await commandLine(aws().address, { ordersTable: "t", ordersKeyArn: "k", exemptionHours: 0 });
    const refused = await off.run([...EXEMPT, "--outputs", off.outputs]);
    await off.close();
    assert.equal(refused.code, 64);
    assert.match(refused.stderr, /allows no break-glass exemptions \(breakGlass: false\)/);
  });

  it("says what is wrong with an image, an owner, a reason, a time", async () => {
    const wrong: readonly (readonly [words: readonly string[], message: RegExp])[] = [
      [["block", `${APP}:1`, "--reason", "x"], /It must name the digest/],
      [["block", `${APP}@${DIGEST}`, "--reason", "x".repeat(501)], /one line of 1 to 500 characters/],
      [["block", `${APP}@${DIGEST}`, "--reason", "a\nb"], /^"a\\nb" has a line break .* or write one line/],
      [EXEMPT.map((word) => (word === "payments" ? "a&b" : word)), /1 to 64 letters, digits/],
      [EXEMPT.map((word) => (word === "4h" ? "4" : word)), /like 30m, 4h or 7d/],
      [EXEMPT.slice(0, 4), /required options '--owner <team>', '--reason <text>' not specified/],
    ];
    for (const [words, message] of wrong) {
      const { code, stderr } = await run(words);
      assert.equal(code, 64, words.join(" "));
      assert.match(stderr, message);
    }
  });

  it("says which permission is missing, and that nothing was given", async () => {
    const body = JSON.stringify({ __type: "AccessDeniedException", message: "not authorized to perform: kms:Encrypt" });
    aws().aws(failing("kms", { ...THROTTLED, body }));

    const { code, stdout, stderr } = await run(BLOCK);

    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(
      stderr,
      /^Proving the block with the key arn:aws:kms:\S+ failed: AccessDeniedException: .*kms:Encrypt/,
    );
    assert.match(stderr, /These credentials need kms:Encrypt on it for environment prod and kind block\.\n$/);
    aws().aws();
    assert.equal((await run(["block", "list"])).stdout, "");
  });

  it("says that an older deployment has no orders", async () => {
    const older = await commandLine(aws().address);
    const { code, stderr } = await older.run([...BLOCK, "--outputs", older.outputs]);
    await older.close();

    assert.equal(code, 64);
    assert.match(stderr, /^The environment prod has no orders yet: .*Deploy it with this version/);
  });

  it("ends nothing of another digest or kind", async () => {
    await run(BLOCK);
    await run(EXEMPT);
    assert.equal((await run(["exempt", "end", `${APP}@${OTHER_DIGEST}`])).code, 1);
    assert.equal((await run(["exempt", "end", `${APP}@${DIGEST}`])).code, 0);
    assert.match((await run(["block", "list"])).stdout, /in force/);
  });
});
