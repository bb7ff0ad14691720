import assert from "node:assert/strict";
import {
  answer,
  challengeBearer,
  delay,
  endlessReferrers,
  hugeBody,
  only,
  paths,
  type RegistryProxy,
  type Rule,
  redirectBlobs,
  requireBasic,
  startRegistryProxy,
  trickle,
} from "../../local/registry-proxy";
import type { VerificationRequest } from "../../verifier/src/notation/protocol";
import { type ReasonCode, toStatus } from "../../verifier/src/verification/verdict";
import { judgeInTime } from "./support/judge-in-time";
import { peakMemory } from "./support/process-memory";
import { type SceneImage, useScene } from "./support/scene";

const CREDENTIALS = { username: "AWS", password: "token" };
const MiB = 1024 * 1024;
const MEMORY_LIMIT = 128 * MiB;
/** Four hostile lists at once, in bytes. */
const LIST_MEMORY_LIMIT = 150 * MiB;

describe("contract: hostile registries", () => {
  const scene = useScene();
  let proxy: RegistryProxy;

  before(async () => {
    proxy = await startRegistryProxy({ target: scene().registry });
  });
  after(() => proxy?.close());
  afterEach(() => proxy.behave());

  const judge = (reference: string, request?: Partial<VerificationRequest>) =>
    judgeInTime(scene().verifiers, reference, request);

  /** The same image, seen through the proxy. */
  const proxied = (image: SceneImage) => `${proxy.address}/${image.repository.name}@${image.descriptor.digest}`;

  describe("lists without end", () => {
    const endings: [string, Rule[], number][] = [
      ["junk", [endlessReferrers(10)], 20_000],
      ["empty pages", [endlessReferrers(0)], 20_000],
      ["junk, slowly", [only({ path: paths.referrers }, delay(100)), endlessReferrers(1)], 1500],
      ["empty pages, slowly", [only({ path: paths.referrers }, delay(100)), endlessReferrers(0)], 1500],
    ];
    for (const [what, rules, deadlineMs] of endings) {
      it(`${what} -> too-many-signatures`, async () => {
        const image = await scene().image();
        proxy.behave(...rules);

        const { code, detail } = await judge(proxied(image), { deadlineMs });

        assert.equal(code, "too-many-signatures", detail);
      });
    }
  });

  describe("a registry that trickles", () => {
    for (const [what, path] of Object.entries(paths)) {
      it(`${what} -> deadline-exceeded, in time`, async () => {
        const image = await scene().image();
        await scene().sign(image);
        proxy.behave(only({ method: "GET", path }, trickle(50)));

        const { code, detail } = await judge(proxied(image), { deadlineMs: 800 });

        assert.equal(code, "deadline-exceeded", detail);
      });
    }
  });

  describe("a registry that fishes for credentials", () => {
    const fishing: [string, () => Rule, { readonly followed: boolean }][] = [
      ["redirects of blobs", () => redirectBlobs(), { followed: true }],
      ["redirects of blobs to another name", () => redirectBlobs("localhost"), { followed: true }],
      [
        "redirects of everything",
        () => async (request, next) => {
          if (request.origin === "blobs") return next();
          const location = `http://${request.addresses.blobs}${request.path}`;
          return { status: 307, headers: { location }, body: "" };
        },
        { followed: true },
      ],
      [
        "a Link to another host",
        () => async (request, next) => {
          const link = `<http://${request.addresses.blobs}${request.path}>; rel="next"`;
          const outcome = await next();
          if (typeof outcome === "string" || !paths.referrers.test(request.path)) return outcome;
          return { ...outcome, headers: { ...outcome.headers, link } };
        },
        { followed: false },
      ],
      [
        "a realm on another port",
        () => challengeBearer({ realm: `http://${proxy.blobAddress}/token` }),
        { followed: false },
      ],
      [
        "a realm on another name",
        () => challengeBearer({ realm: `http://${proxy.blobAddress.replace("127.0.0.1", "localhost")}/token` }),
        { followed: false },
      ],
    ];
    for (const [what, bait, { followed }] of fishing) {
      it(`${what}: the credentials stay where they belong`, async () => {
        const image = await scene().image();
        // Not a good one, so that every page is asked for.
        await scene().sign(image, {}, scene().foreign);
        const earlier = proxy.requests.length;
        proxy.behave(...(what.startsWith("a realm") ? [bait()] : [requireBasic(CREDENTIALS), bait()]));

        await judge(proxied(image), { credentials: CREDENTIALS });

        const elsewhere = proxy.requests.slice(earlier).filter(({ origin }) => origin === "blobs");
        assert.equal(elsewhere.length > 0, followed, "whether the bait was taken");
        assert.deepEqual(
          elsewhere.filter(({ authorization }) => authorization !== undefined),
          [],
        );
      });
    }
  });

  describe("bodies without end", () => {
    const index = { "content-type": "application/vnd.oci.image.index.v1+json" };
    const bodies: [string, ReasonCode, Rule][] = [
      ["manifests", "signature-unreadable", only({ method: "GET", path: paths.manifests }, hugeBody(2 ** 30))],
      ["blobs", "signature-unreadable", only({ method: "GET", path: paths.blobs }, hugeBody(2 ** 30))],
      ["lists", "too-many-signatures", only({ path: paths.referrers }, hugeBody(2 ** 30, index))],
    ];
    for (const [what, expected, rule] of bodies) {
      it(`of ${what} -> ${expected}, and memory stays bounded`, async () => {
        const image = await scene().image();
        await scene().sign(image);
        proxy.behave(rule);

        const { code, detail } = await judge(proxied(image));

        assert.equal(code, expected, detail);
        const peak = await peakMemory(scene().verifiers.config);
        assert.ok(peak < MEMORY_LIMIT, `${peak} bytes`);
      });
    }

    it("fifty of the largest envelopes, for eight images at a time: memory stays bounded", async () => {
      const image = await scene().image();
      const envelopes = Array.from({ length: 50 }, (_, index) => `${index}`.padEnd(256 * 1024, "["));
      for (const envelope of envelopes) await scene().push(image, Buffer.from(envelope));

      const verdicts = await Promise.all(Array.from({ length: 8 }, () => judge(image.reference)));

      assert.deepEqual(new Set(verdicts.map(({ code }) => code)), new Set(["signature-invalid"]));
      const peak = await peakMemory(scene().verifiers.config);
      assert.ok(peak < MEMORY_LIMIT, `${peak} bytes`);
    });
  });

  describe("lists that a publisher has written (41)", () => {
    const manifest = `"mediaType":"application/vnd.oci.image.manifest.v1+json","artifactType":"application/vnd.cncf.notary.signature"`;
    const lists: [string, string][] = [
      ["4 MiB of empty entries", `{"manifests":[${"{},".repeat((4 * MiB) / 3)}{}]}`],
      ["1 MiB of empty entries", `{"manifests":[${"{},".repeat(MiB / 3 - 20)}{}]}`],
      ["an entry with a million URLs", `{"manifests":[{${manifest},"urls":[${'"",'.repeat(1_000_000)}""]}]}`],
      ["an entry with as many URLs as fit", `{"manifests":[{${manifest},"urls":[${'"",'.repeat(MiB / 3 - 200)}""]}]}`],
    ];

    it("four such requests at once for each -> denied, others are answered, memory stays bounded", async () => {
      // A process of its own, so that the peak is that of the lists.
      const verifiers = await scene().startVerifiers();
      const image = await scene().image();
      const good = await scene().image();
      await scene().sign(good);

      for (const [what, list] of lists) {
        const headers = { "content-type": "application/vnd.oci.image.index.v1+json" };
        proxy.behave(only({ path: paths.referrers }, answer(200, { headers, body: list })));
        const [ordinary, ...hostile] = await Promise.all([
          judgeInTime(verifiers, good.reference),
          ...Array.from({ length: 4 }, () => judgeInTime(verifiers, proxied(image))),
        ]);

        assert.equal(ordinary.code, "signature-valid", what);
        for (const { code, detail } of hostile) assert.equal(toStatus(code), "denied", `${what}: ${detail}`);
      }
      const peak = await peakMemory(verifiers.config);
      console.log(`        peak memory of the notation process: ${Math.round(peak / MiB)} MiB`);
      assert.ok(peak < LIST_MEMORY_LIMIT, `${peak} bytes`);
    });

    it("pushed as an index under the tag of the tag schema -> denied", async () => {
      const image = await scene().image();
      // What a registry without the referrers API gives out.
      proxy.behave(
        only({ path: paths.referrers }, answer(404, { body: "" })),
        only(
          { path: /\/manifests\/sha256-/ },
          answer(200, {
            headers: { "content-type": "application/vnd.oci.image.index.v1+json" },
            body: lists[2]?.[1] ?? "",
          }),
        ),
      );

      const { code, detail } = await judge(proxied(image));

      assert.equal(code, "too-many-signatures", detail);
    });
  });
});
