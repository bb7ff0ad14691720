import assert from "node:assert/strict";
import * as fc from "fast-check";
import { toOutcome } from "../../policy/policies/image-verified";
import type { ResolvedTrustDocument } from "../../trust";
import { withOrders } from "../../verifier/src/orders/judge-with-orders";
import { startVerification } from "../../verifier/src/verification/on-this-machine";
import { referenceSubject } from "../../verifier/src/verification/subject";
import { testDetector } from "../support/detector";
import { hookCall, TASK_DEFINITION, testGate } from "../support/gate";
import { runningEvent } from "../support/launch-events";
import { orderStore } from "../support/order-store";
import { block, exemption, HOUR_MS } from "../support/orders";
import { judgeImages } from "./support/judge-images";
import { daysFromNow, type SceneImage, useScene } from "./support/scene";

/** How many combinations are tried: each starts two notation processes. */
const RUNS = 25;

/**
 * The detector, the deployment gate, the command line and the policy pack judge in ways of their own: with a cache and the
 * ledger, by a service revision, with the credentials of a user, with the blocks alone. For the same document, orders and signatures they must not disagree.
 */
describe("contract: every enforcement point gives the same answer", function () {
  this.timeout(120_000);
  const scene = useScene();
  const images: Record<string, SceneImage> = {};
  const documents: Record<string, (image: SceneImage) => ResolvedTrustDocument> = {};

  // A verification on this machine has the environment of its user.
  const ownEnvironment = { ...process.env };
  before(() => Object.assign(process.env, scene().stack.environment));
  after(() => {
    process.env = ownEnvironment;
  });

  before(async () => {
    const { release, foreign, stack } = scene();
    const approval = stack.signer.putProfile("approval");
    const image = async (...signatures: Parameters<ReturnType<typeof scene>["sign"]>[1][]) => {
      const made = await scene().image();
      for (const overrides of signatures) await scene().sign(made, overrides);
      return made;
    };
    images.unsigned = await image();
    images.signed = await image({});
    images.old = await image({ signingTime: daysFromNow(-40) });
    images.expired = await image({ signingTime: daysFromNow(-2), expiry: daysFromNow(-1) });
    images.foreign = await image();
    await scene().sign(images.foreign, {}, foreign);
    images.both = await image({});
    await scene().sign(images.both, {}, approval);
    images.revoked = await image();
    stack.signer.revokeJob((await scene().sign(images.revoked)).jobArn);

    const { repository } = images.foreign;
    await scene().sign({ ...images.foreign, repository: { ...repository, name: sourceOf(repository.name) } });

    documents.anyOf = () => scene().trust();
    documents.both = () =>
      scene().trust({
        require: [
          { identities: [release.arn], atLeast: 1 },
          { identities: [approval.arn], atLeast: 1 },
        ],
      });
    documents.recent = () => scene().trust({ maxAgeDays: 30 });
    documents.others = () => scene().trust({ repositories: [`${scene().registry}/another/repository`] });
    documents.elsewhere = ({ repository }) =>
      scene().trust({
        repositories: [`${scene().registry}/${repository.name}`],
        signaturesFrom: `${scene().registry}/${sourceOf(repository.name)}`,
      });
    documents.exempting = ({ reference }) => ({
      ...scene().trust(),
      exemptions: [{ image: reference, owner: "platform-team", reason: "vendor", expires: "2999-12-31" }],
    });
    documents.foreignRegistry = () => ({ ...scene().trust(), registries: ["registry.example.com"] });
  });

  const sourceOf = (name: string) => `${name}-source`;

  const NAMES = {
    images: ["unsigned", "signed", "old", "expired", "foreign", "both", "revoked"],
    documents: ["anyOf", "both", "recent", "others", "elsewhere", "exempting", "foreignRegistry"],
    orders: ["none", "block", "exemption", "both", "ended", "unproven"],
  } as const;

  function ordersFor(kind: (typeof NAMES.orders)[number], { descriptor: { digest } }: SceneImage) {
    const store = orderStore();
    const at = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();
    if (kind === "block" || kind === "both") store.give(block({ digest, from: at(-1) }));
    if (kind === "exemption" || kind === "both") store.give(exemption({ digest, from: at(-1), until: at(1) }));
    if (kind === "ended") store.give(exemption({ digest, from: at(-2), until: at(-1) }));
    if (kind === "unproven") store.give(block({ digest, from: at(-1) }), "another-environment");
    return store;
  }

  it("whatever image, document and orders", async () => {
    const { stack } = scene();
    const choice = fc.record({
      image: fc.constantFrom(...NAMES.images),
      document: fc.constantFrom(...NAMES.documents),
      order: fc.constantFrom(...NAMES.orders),
    });
    await fc.assert(
      fc.asyncProperty(choice, async ({ image: imageName, document, order }) => {
        const image = images[imageName] ?? assert.fail(imageName);
        const trust = documents[document]?.(image) ?? assert.fail(document);
        const store = ordersFor(order, image);
        const verifiers = await scene().startVerifiers({}, trust);

        const detector = testDetector({
          judge: withOrders(judgeImages(verifiers, trust), store.orders, Date.now),
        });
        const containers = [{ name: "web", image: image.reference, imageDigest: image.descriptor.digest }];
        await detector.handle(runningEvent({ containers }));
        const [launch] = detector.seen.events;

        const verifyWith = async (orders: typeof store.orders) => {
          const verification = await startVerification({
            trust,
            roots: [{ name: "root.crt", pem: stack.signer.rootPem }],
            plugin: stack.programs.plugin,
            executable: stack.programs.verifier,
            timeoutMs: 20_000,
            plainHttp: true,
            signerEndpoint: stack.signer.url,
            around: (judge) => withOrders(judge, orders, Date.now),
          });
          return verification.verify(image.reference).finally(() => verification.stop());
        };
        const gate = testGate({
          judge: withOrders(judgeImages(verifiers, trust), store.orders, Date.now),
          readTarget: async () => ({
            taskDefinitionArn: TASK_DEFINITION,
            subjects: [referenceSubject(image.reference)],
          }),
        });
        const answer = await gate.call(hookCall());
        const [deployment] = gate.seen.events;

        const commandLine = await verifyWith(store.orders);
        const preview = await verifyWith(store.blocks);

        assert.deepEqual([launch?.status, launch?.code], [commandLine.status, commandLine.code]);
        assert.deepEqual([deployment?.status, deployment?.code], [commandLine.status, commandLine.code]);
        assert.equal(answer.hookStatus, commandLine.status === "denied" ? "FAILED" : "SUCCEEDED");
        // A break-glass exemption is for launches: the preview says what the verdict would be without it.
        const lasting = commandLine.without ?? commandLine;
        assert.deepEqual([preview.status, preview.code], [lasting.status, lasting.code]);
        const container = { name: "web", image: image.reference, versionConsistency: undefined };
        const outcome = toOutcome(container, preview);
        assert.equal(outcome?.level === "violation", lasting.status === "denied");
      }),
      { numRuns: RUNS, examples: EXAMPLES },
    );
  });
});

/** Those that matter most, whatever is drawn. */
const EXAMPLES: [
  { image: "signed"; document: "anyOf" | "both" | "exempting"; order: "none" | "block" | "exemption" },
][] = [
  [{ image: "signed", document: "anyOf", order: "block" }],
  [{ image: "signed", document: "both", order: "exemption" }],
  [{ image: "signed", document: "exempting", order: "block" }],
];
