import assert from "node:assert/strict";
import { stillRunning } from "../../../../automation/operations/report/build-report";
import { countRunning } from "../../../../automation/operations/report/count-running";
import { fromSwept, sortRunning } from "../../../../automation/operations/report/running-image";
import { ECS, REGISTRY, RUN, sweepOf, sweptImage, sweptPlace } from "../../../support/report-facts";

describe("what runs, in a report", () => {
  it("is what the last sweep has judged: what only an earlier one found runs no longer", () => {
    const images = [sweptImage(1), sweptImage(2, { run: "2026-06-15T06:00:00.000Z" })];

    const running = stillRunning(images, sweepOf(images));

    assert.equal(running?.at, RUN);
    assert.deepEqual(
      running?.images.map(({ digest }) => digest),
      [images[0]?.digest],
    );
  });

  it("has the images of a sweep that is under way beside those that it has not judged yet", () => {
    const images = [sweptImage(1), sweptImage(2, { run: "2026-06-15T18:00:00.000Z", code: "no-signature" })];

    const running = stillRunning(images, sweepOf(images));

    assert.deepEqual(
      running?.images.map(({ digest, code }) => [digest, code]),
      [
        [images[0]?.digest, "signature-valid"],
        [images[1]?.digest, "no-signature"],
      ],
    );
    assert.equal(running?.at, RUN);
  });

  it("is not known without a sweep, which is not the same as nothing", () => {
    assert.equal(stillRunning([sweptImage(1)], undefined), undefined);
    assert.deepEqual(stillRunning([], sweepOf([]))?.images, []);
  });

  it("is counted by status, code, cluster, workload and repository", () => {
    const repository = `${REGISTRY}/team/app`;
    const counts = countRunning(
      [
        sweptImage(1, {
          repository,
          containers: 5,
          places: [sweptPlace("shop", "service:web", 3), sweptPlace("batch", "family:job", 2)],
        }),
        sweptImage(2, { repository, code: "no-signature", containers: 1, places: [sweptPlace("shop", "service:web")] }),
      ].map(fromSwept),
    );

    assert.deepEqual(
      counts.byStatus.map(({ status, images, containers }) => [status, images, containers]),
      [
        ["denied", 1, 1],
        ["inconclusive", 0, 0],
        ["exempt", 0, 0],
        ["trusted", 1, 5],
      ],
    );
    assert.deepEqual(
      counts.byCode.map(({ code }) => code),
      ["no-signature", "signature-valid"],
    );
    const none = { denied: 0, inconclusive: 0, exempt: 0, trusted: 0 };
    assert.deepEqual(counts.byWorkload, [
      {
        cluster: `${ECS}:cluster/shop`,
        group: "service:web",
        images: 2,
        containers: { ...none, denied: 1, trusted: 3 },
      },
      { cluster: `${ECS}:cluster/batch`, group: "family:job", images: 1, containers: { ...none, trusted: 2 } },
    ]);
    assert.deepEqual(
      counts.byCluster.map(({ cluster, images }) => [cluster.split("/")[1], images]),
      [
        ["shop", 2],
        ["batch", 1],
      ],
    );
    assert.deepEqual(counts.byRepository, [
      { repository, kind: "image", images: 2, containers: { ...none, denied: 1, trusted: 5 } },
    ]);
    assert.equal(counts.elsewhere, 0);
  });

  it("counts what has no repository by its kind: an invalid reference is not what AWS has added", () => {
    const of = { repository: "", reference: "" } as const;
    const images = [
      sweptImage(1, { ...of, code: "reference-invalid" }),
      sweptImage(2, { ...of, kind: "aws-injected", code: "aws-injected" }),
    ].map(({ repository: _, ...image }) => fromSwept(image));

    assert.deepEqual(
      countRunning(images).byRepository.map(({ repository, kind, images: some }) => [repository, kind, some]),
      [
        [null, "image", 1],
        [null, "aws-injected", 1],
      ],
    );
  });

  it("says how many containers are at places that the sweep has not kept", () => {
    const counts = countRunning([fromSwept(sweptImage(1, { containers: 40, morePlaces: 3 }))]);

    assert.equal(counts.elsewhere, 39);
  });

  it("puts the containers of one service together, and shows what needs somebody first", () => {
    const places = [
      sweptPlace("shop", "service:web", 1),
      { ...sweptPlace("shop", "service:web", 2), container: "proxy" },
    ];
    const image = fromSwept(sweptImage(1, { containers: 3, places }));

    assert.deepEqual(
      image.places.map(({ containers }) => containers),
      [3],
    );
    const codes = ["signature-valid", "exempted", "signer-unavailable", "no-signature"] as const;
    const sorted = sortRunning(codes.map((code, number) => fromSwept(sweptImage(number, { code }))));
    assert.deepEqual(
      sorted.map(({ status }) => status),
      ["denied", "inconclusive", "exempt", "trusted"],
    );
  });
});
