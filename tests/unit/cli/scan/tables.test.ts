import assert from "node:assert/strict";
import { statusCounts } from "../../../../cli/images/verdict-output";
import { tableViewText } from "../../../../cli/report/render-text";
import { imagesView } from "../../../../cli/report/sections/running-section";
import type { JudgedImage } from "../../../../cli/scan/judge-images";
import { runningPlacesText } from "../../../../cli/scan/running-places";
import { runningLine } from "../../../../cli/scan/scan-output";
import { toRunningImage } from "../../../../cli/scan/scan-report";
import {
  problemLines,
  signedTable,
  signersTable,
  sortSigned,
  stateCounts,
  unknownSignerLines,
} from "../../../../cli/scan/signers-text";
import { codesTable, judgedTable, openLines, sortJudged } from "../../../../cli/scan/verdicts-text";
import { type ReasonCode, toStatus } from "../../../../verifier/src/verification/verdict";
import { ACCOUNT, ECR, OTHER, signedBy, signedImage } from "./signed-images";

const OWN = { account: ACCOUNT, regions: ["eu-west-1"] };
const ESCAPE = "\u001b[2J";

function judged(code: ReasonCode, image = `${ECR}/web:v1`, detail = "why"): JudgedImage {
  const { group } = signedImage(image);
  const profileVersion = `arn:aws:signer:eu-west-1:${OTHER}:/signing-profiles/release/Ab3dEf6hIj`;
  const signature = code === "identity-not-trusted" ? { signature: { digest: "sha256:1", profileVersion } } : {};
  const verdict = { status: toStatus(code), code, detail, reference: image, provisional: false, milliseconds: 1 };
  return { group, verdict: { ...verdict, ...signature } };
}

/** The first words of each line. */
const firstWords = (table: string) => table.split("\n").map((line) => line.split(/ {2,}/).slice(0, 2).join(" "));

describe("the tables of a scan", () => {
  it("show what is denied first, then what could not be found out", () => {
    const codes: readonly ReasonCode[] = ["signature-valid", "exempted", "signer-unavailable", "no-signature"];
    const images = sortJudged(codes.map((code) => judged(code)));

    assert.deepEqual(firstWords(judgedTable(images, OWN)), [
      "status code",
      "denied no-signature",
      "inconclusive signer-unavailable",
      "exempt exempted",
      "trusted signature-valid",
    ]);
    assert.deepEqual(openLines(images).length, 1);
    assert.equal(statusCounts(images.map(({ verdict }) => verdict)), "1 trusted, 1 denied, 1 inconclusive, 1 exempt");
    assert.match(codesTable([...images, judged("no-signature")]), /\ndenied +no-signature +2 +2\n/);
  });

  it("say of a signer of another account whose it is", () => {
    assert.match(judgedTable([judged("identity-not-trusted")], OWN), / 999988887777:release$/);
    assert.match(judgedTable([judged("identity-not-trusted")], { ...OWN, account: OTHER }), / release$/);
  });

  it("show two places of an image and count the rest", () => {
    const { group } = signedImage(`${ECR}/web`);
    const [container] = group.containers;
    assert.ok(container !== undefined);
    const { group: _, ...alone } = container;

    assert.equal(runningPlacesText([container, container], OWN.regions), "shop/web");
    const others = ["a", "b", "c"].map((name) => ({ ...container, group: `service:${name}` }));
    assert.equal(runningPlacesText([alone, alone, container, ...others], OWN.regions), "shop, shop/web, 3 more");
  });

  it("tell families apart, and clusters of one name in several regions", () => {
    const [container] = signedImage(`${ECR}/web`).group.containers;
    assert.ok(container !== undefined);
    const elsewhere = { ...container, clusterArn: container.clusterArn.replace("eu-west-1", "us-east-1") };
    const families = ["nightly", "weekly"].map((family) => ({ ...container, group: `family:${family}` }));
    const regions = ["eu-west-1", "us-east-1"];

    assert.equal(runningPlacesText([container, elsewhere], regions), "eu-west-1:shop/web, us-east-1:shop/web");
    assert.equal(runningPlacesText(families, OWN.regions), "shop (family nightly), shop (family weekly)");
  });

  it("show who signed, the unsigned first, and each profile once with its best state", () => {
    const images = sortSigned([
      signedImage(`${ECR}/web`, [signedBy("release", "revoked"), signedBy("release"), signedBy("old", "expired")]),
      signedImage(`${ECR}/lost`, [], { problem: "throttled" }),
      signedImage(`${ECR}/job`),
    ]);

    assert.deepEqual(
      firstWords(signedTable(images, OWN)).map((line) => line.split(" ")[0]),
      ["signature", "unsigned", "unknown", "valid"],
    );
    assert.match(signedTable(images, OWN), / release \(valid\), old \(expired\)$/);
    assert.match(signersTable(images, ACCOUNT), /\nrelease +111122223333 \(this\) +eu-west-1 +1 +0 +0 +0 /);
    assert.match(problemLines(images).join("\n"), /^\S+\/lost \w{12}: throttled$/);
    assert.equal(stateCounts(images), "1 with a valid signature, 1 unknown, 1 unsigned");
  });

  it("say of valid signatures by other accounts that anybody could have made them", () => {
    const foreign = signedImage(`${ECR}/foreign`, [signedBy("release", "valid", OTHER)]);
    const both = signedImage(`${ECR}/both`, [signedBy("release"), signedBy("release", "valid", OTHER)]);
    const own = signedImage(`${ECR}/own`, [signedBy("release")]);

    const [said = ""] = unknownSignerLines([foreign, both, own], [ACCOUNT]);

    assert.match(said, /^UNKNOWN SIGNER: there are signatures by profiles of other accounts \(999988887777\)\./);
    assert.match(said, / 1 image with a valid signature has no valid one of 111122223333\./);
    assert.deepEqual(unknownSignerLines([own], [ACCOUNT]), []);
    assert.deepEqual(unknownSignerLines([foreign], [ACCOUNT, OTHER]), []);
  });

  it("leave out the digest first where they are narrow, and never where an image runs", () => {
    const images = [judged("repository-access-denied")];
    const naming = { account: ACCOUNT, registry: null, regions: OWN.regions };
    const narrow = tableViewText(imagesView(images.map(toRunningImage), naming), { width: 80 });

    assert.match(narrow, /^status +code +repository +runs in +containers/);
    assert.match(narrow, /shop\/web/);
    assert.deepEqual(
      narrow.split("\n").filter((line) => line.length > 80),
      [],
    );
  });

  it("show text of others without what a terminal would obey", () => {
    const hostile = `evil${ESCAPE}`;
    const images = [signedImage(hostile, [], { problem: ESCAPE })];
    const verdicts = [judged("reference-invalid", hostile), judged("verifier-failed", hostile, ESCAPE)];
    const { group } = signedImage(`${ECR}/web`);

    const shown = [
      signedTable(images, OWN),
      ...problemLines(images),
      judgedTable(verdicts, OWN),
      ...openLines(verdicts),
      runningPlacesText(
        group.containers.map((one) => ({ ...one, group: `service:${ESCAPE}` })),
        OWN.regions,
      ),
    ].join("\n");

    assert.ok(!shown.includes("\u001b"));
    assert.ok(shown.includes("evil\\u{1b}"));
  });

  it("say how much was read", () => {
    const { group } = signedImage(`${ECR}/web`);
    const running = { clusters: 1, tasks: 1, containers: group.containers, unread: [] };

    assert.equal(
      runningLine(running, "1 image: 1 denied"),
      "1 container of 1 task in 1 cluster runs 1 image: 1 denied.",
    );
    assert.equal(runningLine({ ...running, tasks: 0, containers: [] }, ""), "0 tasks in 1 cluster: nothing runs.");
  });
});
