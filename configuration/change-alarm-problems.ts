import { isRegionName } from "../trust/partition";
import { type ConfigurationProblem, formatKey } from "./problem";
import type { WrittenConfiguration } from "./schema";
import type { StackPlace } from "./stack-place";

/** The problems of alarms on changes: roles and profiles whose calls are not seen in this account and region. */
export function changeAlarmProblems(
  { changeAlarms, signingProfile: { arn } }: Pick<WrittenConfiguration, "changeAlarms" | "signingProfile">,
  { account, region }: StackPlace,
): readonly ConfigurationProblem[] {
  if (changeAlarms === undefined) return [];
  const { deploymentRole, signingRole } = changeAlarms;
  const isForeign = deploymentRole.split(":")[4] !== account;
  const isElsewhere =
    arn !== undefined && region !== undefined && isRegionName(region) && !arn.includes(`:signer:${region}:${account}:`);
  return [
    ...(isForeign
      ? [
          {
            key: formatKey(["changeAlarms", "deploymentRole"]),
            value: deploymentRole,
            message: `is not a role of account ${account}, and a role of another account cannot deploy here: every deployment would ring the alarms`,
            fix: "Name the role that the deployment assumes in this account.",
          },
        ]
      : []),
    ...(signingRole !== undefined && isElsewhere
      ? [
          {
            key: formatKey(["changeAlarms", "signingRole"]),
            value: signingRole,
            message: `cannot be watched: signingProfile.arn is not of account ${account} in ${region}, and its signing jobs are not seen here`,
            fix: "Set it in the stack that makes the profile, and remove it here.",
          },
        ]
      : []),
  ];
}
