import { imageVerified } from "../../../../policy/policies/image-verified";
import { verifyImage } from "../../../../policy/preview-verification";
import { REASON_CODES } from "../../../../verifier/src/verification/verdict";
import { settings } from "../../../support/detector";
import { OUTPUTS_WITH_ORDERS } from "../../../support/environment-outputs";
import { taskDefinition, violationsOf } from "../../../unit/policy/arguments";
import type { Operator } from "./operator";
import { type Place, type PlaceVerdict, toPlaceVerdict } from "./place";

/**
 * The policy pack. It says nothing about what it lets pass: there the verdict is the verifier's, and only if it is trusted or
 * exempt.
 */
export const preview = (operator: Operator): Place => ({
  name: "preview",
  judge(task) {
    const { account, region, ordersTable: table, ordersKeyArn: key } = OUTPUTS_WITH_ORDERS;
    const { signer, programs } = operator.scene.stack;
    const config = {
      trust: task.document,
      account,
      region,
      plugin: programs.plugin,
      trustStore: operator.trustStore,
      signerEndpoint: signer.url,
      plainHttp: true,
      orders: { table, key, region, environment: settings().environment },
    };
    return operator.work(task, {}, async () => {
      const passed = new Map<string, PlaceVerdict>();
      const [denied, inconclusive] = imageVerified(async (reference, ...rest) => {
        const verdict = await verifyImage(reference, ...rest);
        if (verdict.status === "trusted" || verdict.status === "exempt") {
          passed.set(reference, toPlaceVerdict(verdict));
        }
        return verdict;
      });
      const definitions = task.containers.map(({ name, image }) => ({ name, image: image.reference }));
      const violations = await violationsOf(denied, taskDefinition(definitions, config));
      const advisories = await violationsOf(inconclusive, taskDefinition(definitions));
      const containers = task.containers.map(({ name, image }) => [
        name,
        toldOf(name, [...violations, ...advisories]) ?? passed.get(image.reference),
      ]);
      return { containers: Object.fromEntries(containers), isRefused: violations.length > 0 };
    });
  },
});

/** The verdict in the message about a container. */
function toldOf(name: string, messages: readonly string[]): PlaceVerdict | undefined {
  const about = messages.find((message) => message.includes(`container "${name}"`)) ?? "";
  const [, word, text] = /(is denied|could not be verified) \(([a-z-]+)/.exec(about) ?? [];
  const code = REASON_CODES.find((one) => one === text);
  if (code === undefined) return undefined;
  return toPlaceVerdict({ status: word === "is denied" ? "denied" : "inconclusive", code });
}
