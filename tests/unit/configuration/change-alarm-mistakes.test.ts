import { areTold, type Mistake } from "./mistake";

const role = (name: string, account = "111122223333") => `arn:aws:iam::${account}:role/${name}`;

const MISTAKES: readonly Mistake[] = [
  {
    title: "alarms on changes without the role that deploys",
    changes: { changeAlarms: {} },
    expected: [["changeAlarms.deploymentRole", /is required/]],
  },
  {
    title: "alarms on changes that are switched off as if they were on",
    changes: { changeAlarms: false },
    expected: [["changeAlarms", /must be a mapping[\s\S]*remove the key to have no alarms on changes/]],
  },
  {
    title: "something that is no role",
    changes: { changeAlarms: { deploymentRole: "arn:aws:iam::111122223333:user/me", signingRole: "build" } },
    expected: [
      ["changeAlarms.deploymentRole", /must be the ARN of an IAM role/],
      ["changeAlarms.signingRole", /must be the ARN of an IAM role/],
    ],
  },
  {
    title: "a role of another account, which cannot be the one that deploys",
    changes: { changeAlarms: { deploymentRole: role("deploy", "444455556666") } },
    expected: [["changeAlarms.deploymentRole", /is not a role of account 111122223333[\s\S]*assumes in this account/]],
  },
  {
    title: "roles of another partition, of which nothing is seen here",
    changes: {
      changeAlarms: {
        deploymentRole: role("deploy").replace("arn:aws:", "arn:aws-cn:"),
        signingRole: role("build").replace("arn:aws:", "arn:aws-us-gov:"),
      },
    },
    expected: [
      ["changeAlarms.deploymentRole", /another partition than eu-west-1[\s\S]*begins with arn:aws:/],
      ["changeAlarms.signingRole", /another partition than eu-west-1/],
    ],
  },
  ...["us-east-1:111122223333", "eu-west-1:444455556666"].map(
    (place): Mistake => ({
      title: `signing jobs of a profile whose calls are not seen here: ${place}`,
      changes: {
        changeAlarms: { deploymentRole: role("deploy"), signingRole: role("build") },
        signingProfile: { arn: `arn:aws:signer:${place}:/signing-profiles/release` },
      },
      expected: [["changeAlarms.signingRole", /cannot be watched[\s\S]*in the stack that makes the profile/]],
    }),
  ),
];

describe("a mistake in the alarms on changes is told before anything is made", () => {
  areTold(MISTAKES);
});
