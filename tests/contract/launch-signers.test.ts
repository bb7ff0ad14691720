import assert from "node:assert/strict";
import { deleteManifest } from "../../local/registry-client";
import { pushJunkSignatures } from "../../local/signatures";
import type { SigningProfile } from "../../local/signer/profiles";
import type { ResolvedTrustDocument } from "../../trust";
import { InconclusiveError } from "../../verifier/src/detector/handle";
import { testClock } from "../support/clock";
import { testDetector } from "../support/detector";
import { EVENT_TIME, runningEvent } from "../support/launch-events";
import { memoryLedger } from "../support/memory-ledger";
import { judgeImages } from "./support/judge-images";
import { type SceneImage, useScene } from "./support/scene";
import type { Verifiers } from "./support/verifiers";

describe("contract: launches by statements that ask for more than one signature", () => {
  const scene = useScene();
  let approval: SigningProfile;
  before(() => {
    approval = scene().stack.signer.putProfile("approval");
  });

  /** A detector of an environment with this trust document. */
  const detectorFor = async (trust: ResolvedTrustDocument, verifiers?: Verifiers) => {
    const clock = testClock(EVENT_TIME);
    const ledger = memoryLedger(clock.now);
    const started = verifiers ?? (await scene().startVerifiers({}, trust));
    return testDetector({ clock, ledger, judge: judgeImages(started, trust, { memory: ledger.signatures }) });
  };
  const requireBoth = (image: SceneImage) =>
    scene().trust({
      repositories: [`${scene().registry}/${image.repository.name}`],
      require: [
        { identities: [scene().release.arn], atLeast: 1 },
        { identities: [approval.arn], atLeast: 1 },
      ],
    });
  const launchOf = ({ reference, descriptor }: SceneImage, task = "1") =>
    runningEvent({
      containers: [{ name: "web", image: reference, imageDigest: descriptor.digest }],
      taskArn: `arn:aws:ecs:eu-west-1:111122223333:task/orders/${task.repeat(32)}`,
    });

  it("45: one signer is missing -> stopped, and the record names who has signed and who has not", async () => {
    const image = await scene().image();
    await scene().sign(image);
    const detector = await detectorFor(requireBoth(image));

    await detector.handle(launchOf(image));

    const [record] = detector.seen.events;
    assert.deepEqual([record?.code, record?.response, record?.missing], ["signers-missing", "stopped", [approval.arn]]);
    assert.deepEqual(
      record?.signatures.map(({ profileVersion }) => profileVersion),
      [scene().release.versionArn],
    );
    assert.match(detector.seen.responses[0]?.[1] ?? "", /signers-missing/);
  });

  it("45: both have signed -> runs, and the record has both signatures", async () => {
    const image = await scene().image();
    await scene().sign(image);
    await scene().sign(image, {}, approval);
    const detector = await detectorFor(requireBoth(image));

    await detector.handle(launchOf(image));

    assert.deepEqual(
      detector.seen.events.map(({ code, signatures }) => [code, signatures.length]),
      [["signature-valid", 2]],
    );
    assert.deepEqual(detector.seen.responses, []);
  });

  it("47: a replica whose signature is only in its source -> runs", async () => {
    const image = await scene().image();
    const name = `${image.repository.name}-source`;
    await scene().sign({ ...image, repository: { ...image.repository, name } });
    const detector = await detectorFor(
      scene().trust({
        repositories: [`${scene().registry}/${image.repository.name}`],
        signaturesFrom: `${scene().registry}/${name}`,
      }),
    );

    await detector.handle(launchOf(image));

    assert.deepEqual(
      detector.seen.events.map(({ code }) => code),
      ["signature-valid"],
    );
  });

  it("46: the other repository is unreachable, and nothing is beside the image -> tried again, nothing is stopped", async () => {
    const image = await scene().image();
    const detector = await detectorFor(
      scene().trust({
        repositories: [`${scene().registry}/${image.repository.name}`],
        signaturesFrom: "127.0.0.1:1/source",
      }),
    );

    await assert.rejects(detector.handle(launchOf(image)), InconclusiveError);

    assert.equal(detector.seen.lines[0]?.code, "registry-unavailable");
    assert.deepEqual(detector.seen.responses, []);
  });

  it("49: junk pushed beside a running image -> its next task runs", async () => {
    const image = await scene().image();
    const signed = await scene().sign(image);
    const detector = await detectorFor(scene().trust(), scene().verifiers);
    await detector.handle(launchOf(image));
    const [pushed = ""] = await detector.ledger.signatures.recall({
      repository: `${scene().registry}/${image.repository.name}`,
      digest: image.descriptor.digest,
    });
    await deleteManifest(image.repository, pushed);
    await pushJunkSignatures(image.repository, image.descriptor, 60);
    await scene().push(image, signed.envelope);

    await detector.handle(launchOf(image, "2"));

    assert.deepEqual(
      detector.seen.events.map(({ code }) => code),
      ["signature-valid", "signature-valid"],
    );
  });

  it("51: an old image with a valid signature -> stopped", async () => {
    const image = await scene().image();
    await scene().sign(image, { signingTime: new Date(Date.now() - 40 * 86_400_000) });
    const detector = await detectorFor(scene().trust({ maxAgeDays: 30 }), scene().verifiers);

    await detector.handle(launchOf(image));

    assert.deepEqual(
      detector.seen.events.map(({ code, response }) => [code, response]),
      [["signature-too-old", "stopped"]],
    );
  });
});
