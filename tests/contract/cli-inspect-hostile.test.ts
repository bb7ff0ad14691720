import assert from "node:assert/strict";
import { pushJunkSignatures } from "../../local/signatures";
import { makeChain } from "../../local/signer/certificates";
import { payloadFor } from "../../local/signer/envelope";
import { withFlippedBit } from "../../local/signer/tamper";
import { type CommandLine, commandLine } from "./support/command-line";
import { answerOf } from "./support/inspection-answer";
import { daysFromNow, useScene } from "./support/scene";

const FORGED = 'x\nlevel=warning msg="revoked"\r\u001b[2K\u202e';
/** Anything that would break a line or steer a terminal, but the line breaks of the tree itself. */
const CONTROL = /[^\n\P{Cc}]|[\p{Cf}\p{Zl}\p{Zp}]/u;

describe("ecs-image-verification inspect, of signatures that anyone may have pushed", () => {
  const scene = useScene();
  let cli: CommandLine;

  before(async () => {
    cli = await commandLine(scene());
  });

  const inspect = (image: string, more: readonly string[] = []) =>
    cli.run(["inspect", image, ...cli.withRoot, ...more]);
  const revocationCalls = () =>
    scene().stack.signer.requests.filter(({ operation }) => operation === "GetRevocationStatus").length;

  async function contentsOf(image: string) {
    const run = await inspect(image, ["--json"]);
    assert.equal(run.code, 0, run.stderr);
    return answerOf(run).signatures.map(({ contents, unreadable }) => ({ ...contents, unreadable }));
  }

  it("asks Signer about nothing that is not Signer's", async () => {
    const image = await scene().image();
    await scene().sign(image, await makeChain());
    await scene().push(image, withFlippedBit(scene().makeSignature(image).envelope));
    const before = revocationCalls();

    const all = await contentsOf(image.reference);

    assert.equal(revocationCalls(), before);
    assert.deepEqual(
      new Set(all.map(({ intact, rootTrusted }) => `${intact} ${rootTrusted}`)),
      new Set(["true false", "false true"]),
    );
    assert.ok(
      all.every(({ revocation }) => revocation?.status === "unknown" && /^not checked/.test(revocation.detail ?? "")),
    );
    assert.ok(all.some(({ broken }) => /verification error/.test(broken ?? "")));
  });

  it("lists what cannot be read beside the others, with why", async () => {
    const image = await scene().image();
    await scene().push(image, Buffer.from("not an envelope"));
    await scene().push(image, Buffer.alloc(256 * 1024 + 1, " "));
    await scene().push(image, scene().makeSignature(image).envelope, { layer: { mediaType: "application/cose" } });
    const signed = await scene().sign(image);

    const all = await contentsOf(image.reference);

    assert.deepEqual(
      all.filter(({ unreadable }) => unreadable === null).map(({ job }) => job),
      [signed.jobArn],
    );
    const reasons = all.map(({ unreadable }) => unreadable).join("\n");
    assert.match(reasons, /the envelope cannot be parsed: /);
    assert.match(reasons, /262145 bytes, the limit is 262144/);
    assert.match(reasons, /media type "application\/cose" is not supported/);
  });

  it("prints nothing that a signer has chosen without escaping it", async () => {
    const image = await scene().image();
    const chain = await makeChain({ rootSubject: { CN: FORGED, C: "US" }, leaf: { subject: { CN: FORGED, C: "US" } } });
    const payload = payloadFor({ ...image.descriptor, mediaType: FORGED });
    const { targetArtifact } = payload;
    await scene().sign(image, {
      ...chain,
      payload: { targetArtifact: { ...targetArtifact, annotations: { [FORGED]: FORGED } } },
      job: FORGED,
      profileVersion: FORGED,
      attributes: { [FORGED]: FORGED, other: [FORGED] },
    });
    await scene().push(image, Buffer.from("{}"), { layer: { mediaType: FORGED } });
    await scene().push(image, Buffer.from("{}"), { layer: { digest: FORGED } });

    const people = await inspect(image.reference, ["--verbose"]);
    const short = await inspect(image.reference);
    const json = await inspect(image.reference, ["--json"]);

    assert.equal(people.code, 0);
    assert.ok(people.stdout.includes("x\\nlevel=warning"));
    for (const { stdout, stderr } of [people, short, json]) assert.doesNotMatch(stdout + stderr, CONTROL);
    assert.ok(answerOf(json).signatures.some(({ contents }) => contents?.metadata.length === 1));
  });

  it("reads times that no calendar has", async () => {
    const image = await scene().image();
    await scene().sign(image, {
      attributes: { "io.cncf.notary.expiry": "9999-12-31T23:59:59-23:59" },
      expiry: daysFromNow(1),
    });

    const [contents] = await contentsOf(image.reference);

    assert.match(contents?.expiry ?? "", /^10000-01-01T/);
  });

  it("shows of hundreds of attributes the first", async () => {
    const image = await scene().image();
    const attributes = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`a${index}`, "x"]));
    await scene().sign(image, { ...(await makeChain()), attributes });

    const { stdout } = await inspect(image.reference, ["--verbose"]);

    assert.match(stdout, /\(481 more; --json has all\)/);
    assert.ok(stdout.split("\n").length < 100);
  });

  it("does not read attributes that would cost a processor's time, and says so", async () => {
    const image = await scene().image();
    const attributes = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`a${index}`, "x"]));
    await scene().sign(image, { ...(await makeChain()), attributes });

    const { stdout } = await inspect(image.reference, ["--verbose"]);

    assert.match(
      stdout,
      /UNREADABLE: the signature's protected header or payload has \d+ characters, the limit is 16384/,
    );
  });

  it("reads no more than --max-signatures, and says so", async () => {
    const image = await scene().image();
    await pushJunkSignatures(image.repository, image.descriptor, 55);

    const run = await inspect(image.reference, ["--json"]);
    const more = await inspect(image.reference, ["--json", "--max-signatures", "55"]);

    assert.deepEqual([run.code, answerOf(run).signatures.length, answerOf(run).complete], [0, 50, false]);
    assert.match(run.stderr, /more signatures than were read \(50\).*--max-signatures/);
    assert.deepEqual([answerOf(more).signatures.length, answerOf(more).complete], [55, true]);
  });
});
