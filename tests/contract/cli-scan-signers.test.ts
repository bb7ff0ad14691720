// Real: signatures, registry, notation, judging, the command. Stand-ins over HTTP: ECS, the table and key of the orders, Signer.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startAws } from "../../local/aws";
import { runningTasks } from "../support/running-tasks";
import { ACCOUNT, type FoundImage, HEAD, runs, service, useScan } from "./support/scan";
import { daysFromNow } from "./support/scene";

describe("contract: ecs-image-verification scan, without a trust document", function () {
  this.timeout(180_000);
  const shop = useScan();
  const { running, scan, scene } = shop;

  it("says without a trust document who signed what, and judges nobody", async () => {
    const foreign = await scene().image();
    await scene().sign(foreign, {}, scene().foreign);
    const expired = await scene().image();
    await scene().sign(expired, { signingTime: daysFromNow(-10), expiry: daysFromNow(-1) });
    const tampered = await scene().image();
    await scene().push(tampered, scene().makeSignature(shop.signed).envelope);
    const all = [shop.signed, shop.unsigned, foreign, expired, tampered];
    running.put("shop", [service("web", ...all.map((image, index) => runs(image, `c${index}`)))]);

    const json = await scan("--cluster", "shop", "--json");
    const table = await scan("--cluster", "shop");

    assert.equal(json.code, 0, json.stderr);
    const images: FoundImage[] = JSON.parse(json.stdout).images;
    const found = images.map(({ digest, signatures }) => [
      digest,
      signatures.map(({ state, account }) => [state, account]),
    ]);
    assert.deepEqual(
      new Map(found as [string, unknown][]),
      new Map<string, unknown>([
        [shop.signed.descriptor.digest, [["valid", ACCOUNT]]],
        [shop.unsigned.descriptor.digest, []],
        [foreign.descriptor.digest, [["valid", "999988887777"]]],
        [expired.descriptor.digest, [["expired", ACCOUNT]]],
        [tampered.descriptor.digest, [["invalid", null]]],
      ]),
    );
    assert.match(table.stdout, /\nunsigned +127\S+ +[0-9a-f]{12} +shop\/web +1 +-\n/);
    assert.match(table.stdout, /\nvalid +127\S+ +[0-9a-f]{12} +shop\/web +1 +999988887777:release \(valid\)\n/);
    assert.match(
      table.stderr,
      /\nUNKNOWN SIGNER: .*\(999988887777\)\. 1 image with a valid signature has no valid one of/,
    );
    assert.match(table.stdout, /\nrelease +111122223333 \(this\) +eu-west-1 +1 +0 +1 +0 +20/);
  });

  it("suggests a trust document that trust check accepts, and that trusts what was signed by this account alone", async () => {
    const revoked = await scene().image();
    const { jobArn } = await scene().sign(revoked);
    scene().stack.signer.revokeJob(jobArn);
    const foreign = await scene().image();
    await scene().sign(foreign, {}, scene().foreign);
    const all = [shop.signed, shop.unsigned, revoked, foreign];
    running.put("shop", [service("web", ...all.map((image, index) => runs(image, `c${index}`)))]);
    const file = join(shop.folder, "suggested.yaml");

    const suggested = await scan("--cluster", "shop", "--suggest", file);
    const text = await readFile(file, "utf8");
    const checked = await shop.cli.run(["trust", "check", file, "--strict"]);
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
    const trusted = JSON.parse(judged.stdout).images.filter((one: FoundImage) => one.verdict.status === "trusted");
    assert.deepEqual(
      trusted.map(({ digest }: FoundImage) => digest),
      [shop.signed.descriptor.digest],
    );
  });

  it("takes the profiles of further accounts that are named, and never overwrites a file unasked", async () => {
    const foreign = await scene().image();
    await scene().sign(foreign, {}, scene().foreign);
    running.put("shop", [service("web", runs(foreign))]);
    const file = join(shop.folder, "other.yaml");
    const suggest = (...more: readonly string[]) => scan("--cluster", "shop", "--suggest", file, ...more);

    const nobody = await suggest();
    assert.deepEqual([nobody.code, existsSync(file)], [2, false]);
    assert.match(nobody.stderr, /Nothing that runs has a valid signature by a profile of 111122223333, /);

    assert.equal((await suggest("--account", "999988887777")).code, 0);
    const text = await readFile(file, "utf8");
    assert.match(text, /\n {6}- "arn:aws:signer:eu-west-1:999988887777:\/signing-profiles\/release" # signs 1/);
    assert.equal((await shop.cli.run(["trust", "check", file])).code, 0);

    await writeFile(file, "mine");
    const again = await suggest("--account", "999988887777");
    assert.deepEqual([again.code, await readFile(file, "utf8")], [64, "mine"]);
    assert.match(again.stderr, /is there already\. Name another file, or add --force/);
    assert.equal((await suggest("--account", "999988887777", "--force")).code, 0);
    assert.notEqual(await readFile(file, "utf8"), "mine");
  });

  it("asks about a signature in the region of its profile, where its revocation is known, wherever the image runs", async () => {
    const west = runningTasks(HEAD.replace("eu-west-1", "us-west-2"));
    west.put("shop", [service("web", runs(shop.signed))]);
    const elsewhere = await startAws(west.answers);
    const before = scene().stack.signer.requests.length;
    try {
      const words = ["scan", "--region", "us-west-2", "--cluster", "shop", "--json", ...shop.cli.withRoot];
      const { code, stdout } = await shop.cli.run(words, {
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
    running.put("shop", [service("web", runs(shop.signed))]);
    scene().stack.signer.failWith({ status: 403, type: "AccessDeniedException", message: "no permission" });
    const file = join(shop.folder, "silent.yaml");

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
});
