import { findPartition, isRegionName } from "../../trust/partition";
import type { Problem } from "../../trust/problem";
import { quote } from "../../trust/quote";
import { KNOWN_REGIONS, regionsOf } from "../../trust/regions";
import { suggestKey } from "../../trust/suggest-key";

const ARN = /^arn:[a-z-]+:[a-z0-9-]+:([a-z0-9-]+):/;
const ECR_HOST = /^[0-9]{12}\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\./;

/**
 * Warnings of regions that are none as far as is known, in ARNs and hosts of ECR anywhere in a value: they have the form
 * of a region, so nothing refuses them, and they never match. Not problems, because AWS adds regions.
 *
 * @param path gives the path of a problem from that in the value.
 */
export function regionWarnings(value: unknown, path: (keys: readonly PropertyKey[]) => string): readonly Problem[] {
  return textsIn(value, []).flatMap(({ text, keys }): readonly Problem[] => {
    const region = ARN.exec(text)?.[1] ?? ECR_HOST.exec(text)?.[1];
    const warning = region === undefined ? undefined : unknownRegion(region);
    return warning === undefined ? [] : [{ path: path(keys), value: text, ...warning }];
  });
}

/** What to say of a region that has the form of one, and is not known. */
export function unknownRegion(region: string): Pick<Problem, "message" | "fix"> | undefined {
  if (!isRegionName(region) || KNOWN_REGIONS.includes(region)) return undefined;
  const near = suggestKey(region, regionsOf(findPartition(region))) ?? suggestKey(region, KNOWN_REGIONS);
  const meant = near === undefined ? "Check the name." : `Did you mean ${near}?`;
  return {
    message: `has the region ${quote(region)}, which this version does not know: if there is none, it never matches`,
    fix: `${meant} If AWS has added the region, this warning can be ignored.`,
  };
}

interface Text {
  readonly text: string;
  readonly keys: readonly PropertyKey[];
}

function textsIn(value: unknown, keys: readonly PropertyKey[]): readonly Text[] {
  if (typeof value === "string") return [{ text: value, keys }];
  if (Array.isArray(value)) return value.flatMap((entry: unknown, index) => textsIn(entry, [...keys, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, field]) => textsIn(field, [...keys, key]));
}
