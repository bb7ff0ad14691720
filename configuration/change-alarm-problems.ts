import { findPartition, isRegionName } from "../trust/partition";
import { type ConfigurationProblem, formatKey } from "./problem";
import type { WrittenConfiguration } from "./schema";
import { NO_ACCOUNT, type StackPlace } from "./stack-place";

/** The problems of alarms on changes: roles and profiles that cannot be of this account and region, or whose calls are not seen here. */
export function changeAlarmProblems(
  { changeAlarms, signingProfile: { arn } }: Pick<WrittenConfiguration, "changeAlarms" | "signingProfile">,
  { account, region }: StackPlace,
): readonly ConfigurationProblem[] {
  if (changeAlarms === undefined) return [];
  const { deploymentRole, signingRole } = changeAlarms;
  const isKnown = account !== NO_ACCOUNT;
  const isForeign = isKnown && deploymentRole.split(":")[4] !== account;
  const here = isKnown ? `:signer:${region}:${account}:` : `:signer:${region}:`;
  const isElsewhere = arn !== undefined && region !== undefined && isRegionName(region) && !arn.includes(here);
  return [
    ...partitionProblems(changeAlarms, region),
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
            message: `cannot be watched: signingProfile.arn is not of ${isKnown ? `account ${account} in ` : ""}${region}, and its signing jobs are not seen here`,
            fix: "Set it in the stack that makes the profile, and remove it here.",
          },
        ]
      : []),
  ];
}

function partitionProblems(
  changeAlarms: NonNullable<WrittenConfiguration["changeAlarms"]>,
  region: string | undefined,
): readonly ConfigurationProblem[] {
  if (region === undefined || !isRegionName(region)) return [];
  const partition = findPartition(region);
  return (["deploymentRole", "signingRole"] as const).flatMap((key) => {
    const role = changeAlarms[key];
    if (role === undefined || role.startsWith(`arn:${partition}:`)) return [];
    return [
      {
        key: formatKey(["changeAlarms", key]),
        value: role,
        message: `is a role of another partition than ${region}, whose calls never come here`,
        allowed: `a role whose ARN begins with arn:${partition}:`,
        fix: "Name a role of this partition.",
      },
    ];
  });
}
