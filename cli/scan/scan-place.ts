import { ECSClient } from "@aws-sdk/client-ecs";
import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { parseEcsArn } from "../../verifier/src/ecs/arn";
import type { RunningContainer } from "../../verifier/src/sweep/group-images";
import { placeFor } from "../gate/judging";
import { UsageError } from "../lib/errors";
import { dependsOnAccount } from "../trust/place";
import type { Sources } from "../trust/place-to-judge";
import type { PlacedTrust } from "../trust/resolve";
import type { ScanOptions } from "./scan-options";

/**
 * The regions to scan: those that are given, else that of the environment, else that of AWS's configuration.
 *
 * @throws {@link UsageError} if none is known.
 */
export async function scannedRegions(
  { region, cluster = [] }: Pick<ScanOptions, "region" | "cluster">,
  outputs: Pick<EnvironmentOutputs, "region"> | undefined,
): Promise<readonly string[]> {
  if (region !== undefined) return region;
  if (outputs !== undefined) return [outputs.region];
  const named = [...new Set(cluster.flatMap((name) => parseEcsArn(name)?.region ?? []))];
  if (named.length > 0) return named;
  const ecs = new ECSClient({});
  try {
    return [await ecs.config.region()];
  } catch {
    throw new UsageError("Say which region to scan: --region NAME (may be repeated), or set AWS_REGION.");
  } finally {
    ecs.destroy();
  }
}

/**
 * The account of what runs, which is that of the credentials: ECS lists no tasks of other accounts. Undefined if nothing
 * runs.
 */
export function accountOf(containers: readonly Pick<RunningContainer, "clusterArn">[]): string | undefined {
  const [first] = containers;
  return first === undefined ? undefined : parseEcsArn(first.clusterArn)?.account;
}

/** Where `self` of the trust document may be. */
export interface ScanPlace {
  readonly outputs: EnvironmentOutputs | undefined;
  readonly account: string | undefined;
  readonly regions: readonly string[];
}

/**
 * The trust document that everything is judged with. `self` in it is what the outputs say; without outputs, the account of
 * what runs and the one region that is scanned.
 *
 * @throws {@link UsageError} if what runs is of another account than the environment, or `self` could be several things.
 */
export async function trustOfScan(
  options: ScanOptions,
  { outputs, account, regions }: ScanPlace,
  sources?: Sources,
): Promise<PlacedTrust> {
  if (outputs !== undefined) {
    if (account !== undefined && account !== outputs.account) {
      throw new UsageError(
        `These credentials are of account ${account}, and the environment ${outputs.environment} of ${outputs.account}: use credentials of its account.`,
      );
    }
    return placeFor(options, outputs, sources);
  }
  const [region, ...others] = regions;
  const placed = await placeFor(options, withoutUndefined({ account, region }), sources);
  if (others.length > 0 && placed.configuration === undefined && dependsOnAccount(placed.written)) {
    throw new UsageError(
      `The trust document says \`self\`, which is another registry in each of ${regions.join(", ")}: scan one region at a time, or give --outputs of the environment.`,
    );
  }
  return placed;
}
