import type { ResourceValidationPolicy } from "@pulumi/policy";
import * as z from "zod";
import { isPast } from "../../trust/calendar-date";
import type { Exemption } from "../../trust/document";
import { quote } from "../../trust/quote";
import { carriedTrust, carriesTrust } from "../reading/carried-trust";
import { trustSource } from "../reading/trust-source";
import { type PolicyOptions, resourcePolicy } from "../resource-policy";

const name = "bounded-exemptions";
const dayMs = 86_400_000;

const config = trustSource.pick({ trust: true, trustFile: true }).extend({
  maxDays: z
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(90)
    .describe("The maximum number of days until an exemption expires"),
});

/**
 * Problems with exemptions that the trust document's own rules allow: those already require owner, reason and expiry.
 */
export function unbounded(exemptions: readonly Exemption[], now: Date, maxDays: number): readonly string[] {
  return exemptions.flatMap((exemption) => {
    const about = `The exemption of ${quote(exemption.image)} (owner ${quote(exemption.owner)})`;
    return [
      ...(exemption.image.includes("@")
        ? []
        : [
            `${about} has no digest: it covers every image pushed there. Allowed: registry/repository@sha256:<digest>.`,
          ]),
      ...(isPast(exemption.expires, now) ? [`${about} expired on ${exemption.expires}. Remove or renew it.`] : []),
      ...(endsTooLate(exemption.expires, now, maxDays)
        ? [`${about} expires on ${exemption.expires}, in more than ${maxDays} days. Set an earlier date.`]
        : []),
    ];
  });
}

function endsTooLate(expires: string, now: Date, maxDays: number): boolean {
  return Date.parse(`${expires}T00:00:00.000Z`) > now.getTime() + maxDays * dayMs;
}

/** Exemptions have an owner, a reason, a digest and an expiry date in the near future. */
export function boundedExemptions(
  options?: PolicyOptions<typeof config>,
  now: () => Date = () => new Date(),
): ResourceValidationPolicy {
  return resourcePolicy(
    {
      name,
      description:
        "Exemptions of the trust document have an owner, a reason, a digest and an expiry date in the near future.",
      severity: "high",
      remediationSteps:
        "Sign the image and remove the exemption. Until then, give it the running digest, an owner, a reason and a near expiry date.",
      enforcementLevel: "mandatory",
      config,
      applies: carriesTrust,
      async check(source, args, report) {
        const document = await carriedTrust(source, args);
        for (const violation of unbounded(document?.exemptions ?? [], now(), source.maxDays)) report(violation);
      },
    },
    options,
  );
}
