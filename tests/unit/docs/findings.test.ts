import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { toFindingBody } from "../../../verifier/src/findings/finding-body";
import { seenAgain, toAsff } from "../../../verifier/src/findings/known-finding";
import { severityOf } from "../../../verifier/src/findings/severity";
import { isBad, REASON_CODES, type ReasonCode, toStatus } from "../../../verifier/src/verification/verdict";
import { CONTEXT, findingFacts } from "../../support/findings";
import { CLUSTER, DIGEST, EVENT_TIME } from "../../support/launch-events";

const text = readFileSync(join(__dirname, "../../../docs/findings.md"), "utf8");

/** The rows of the table of severities: the codes that it names, otherwise the status, and a label for each mode. */
const ROWS = [...text.matchAll(/^\| (.+?) \| `([A-Z]+)` \| `([A-Z]+)` \| `([A-Z]+)` \|$/gm)].map(
  ([, verdict = "", enforce, audit, compliance]) => ({ verdict, labels: [enforce, audit, compliance] }),
);

/** The row about a code: the one that names it, otherwise that of its status. */
function rowOf(code: ReasonCode) {
  const general = toStatus(code) === "denied" ? "any other denial" : "inconclusive";
  return ROWS.find(({ verdict }) => verdict.includes(`\`${code}\``)) ?? ROWS.find(({ verdict }) => verdict === general);
}

describe("docs/findings.md", () => {
  it("has an example that is as findings are", () => {
    const [, json = ""] = /^```json\n(.*?)^```/ms.exec(text) ?? [];
    const body = toFindingBody(findingFacts(), CONTEXT);
    const seen = { id: body.Id ?? "", body, cluster: CLUSTER, image: DIGEST };
    const known = seenAgain(undefined, seen, "launch", EVENT_TIME.getTime());

    assert.deepEqual(JSON.parse(json), JSON.parse(JSON.stringify(toAsff(known ?? assert.fail("not seen")))));
  });

  it("says for each code how severe its finding is", () => {
    for (const code of REASON_CODES) {
      const status = toStatus(code);
      if (!isBad(status)) continue;
      const [enforce, audit] = (["enforce", "audit"] as const).map((mode) => severityOf({ status, code }, { mode }));
      const { Compliance } = toFindingBody(findingFacts({ status, code }), CONTEXT);

      assert.deepEqual(rowOf(code)?.labels, [enforce, audit, Compliance?.Status], code);
    }
  });
});
