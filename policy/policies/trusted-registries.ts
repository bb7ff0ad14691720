import type { ResourceValidationPolicy } from "@pulumi/policy";
import { isRegistryAllowed } from "../../trust/derive";
import { findExemption } from "../../trust/exemption";
import { expandTrustDocument, type ResolvedTrustDocument } from "../../trust/expand";
import { quote } from "../../trust/quote";
import { ReferenceInvalidError, readReference } from "../../trust/reference";
import { checkContainers } from "../container-policy";
import { componentEnvironments } from "../reading/component-environments";
import { type Container, containerLabel, hasContainers } from "../reading/containers";
import { placeTrust, trustSource } from "../reading/trust-source";
import { type PolicyOptions, resourcePolicy } from "../resource-policy";

const name = "trusted-registries";

/** What is wrong with the source of a container's image, if anything. */
export function foreign(
  container: Container,
  trust: Pick<ResolvedTrustDocument, "registries" | "exemptions">,
  now: Date,
): string | undefined {
  const { image } = container;
  if (image === undefined) return `The ${containerLabel(container)} has no image.`;
  const reference = readReference(image);
  if (reference instanceof ReferenceInvalidError) return `The ${containerLabel(container)}: ${reference.message}`;
  if (isRegistryAllowed(trust, reference) || findExemption(trust, reference, now) !== undefined) return undefined;
  return `The ${containerLabel(container)} uses the image ${quote(image)} from ${reference.registry}, which the trust document does not list, and no valid exemption covers it. Allowed: ${trust.registries.join(", ")}.`;
}

/** Images come from a registry of the trust document, or a valid exemption covers them. */
export function trustedRegistries(
  options?: PolicyOptions<typeof trustSource>,
  now: () => Date = () => new Date(),
): ResourceValidationPolicy {
  const environments = componentEnvironments();
  return resourcePolicy(
    {
      name,
      description: "Images come from a registry of the trust document, or are exempted.",
      severity: "high",
      remediationSteps:
        "Copy the image, with its signatures, into a listed registry; or add the registry, or an exemption by digest, to the trust document.",
      enforcementLevel: "mandatory",
      config: trustSource,
      notice: environments.notice,
      applies: hasContainers,
      async check(source, args, report) {
        const { document, account, region } = await placeTrust(source, () => environments.around(args.urn));
        // Who signs is not asked here: the profile that an identity `self` stands for may not exist yet.
        const trust = expandTrustDocument({ ...document, statements: [] }, { account, region });
        await checkContainers(args, report, (container) => foreign(container, trust, now()));
      },
    },
    options,
  );
}
