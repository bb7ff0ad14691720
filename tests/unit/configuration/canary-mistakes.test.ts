import { areTold, type Mistake } from "./mistake";

const subnets = ["subnet-0123456789abcdef0"];
const cluster = (name: string) => `arn:aws:ecs:eu-west-1:111122223333:cluster/${name}`;

const MISTAKES: readonly Mistake[] = [
  {
    title: "a canary that is no mapping",
    changes: { canary: true, sampleWorkload: true },
    expected: [["canary", /must be a mapping[\s\S]*remove the key to have no canary/]],
  },
  {
    title: "a canary without subnets",
    changes: { canary: {}, sampleWorkload: true },
    expected: [["canary.subnets", /is required/]],
  },
  {
    title: "a canary with an empty list of subnets",
    changes: { canary: { subnets: [] }, sampleWorkload: true },
    expected: [["canary.subnets", /must name at least one subnet(?!, or be left out)/]],
  },
  {
    title: "a canary without subnets and without the sample",
    changes: { canary: {} },
    expected: [
      ["canary.subnets", /is required/],
      ["sampleWorkload", /does not fit the key canary/],
    ],
  },
  {
    title: "a subnet that is none, and a rate that is not allowed",
    changes: { canary: { subnets: ["default"], everyHours: 48 }, sampleWorkload: true },
    expected: [
      ["canary.subnets[0]", /must be the id of a subnet, such as subnet-/],
      ["canary.everyHours", /48 .*from 1 to 24|48 .*1 to 24/],
    ],
  },
  {
    title: "a canary without the sample whose task it starts",
    changes: { canary: { subnets } },
    expected: [["sampleWorkload", /does not fit the key canary[\s\S]*Set sampleWorkload to true, or remove canary/]],
  },
  {
    title: "clusters that fit a pattern only without the canary's",
    changes: {
      canary: { subnets },
      sampleWorkload: true,
      clusters: Array.from({ length: 14 }, (_, index) => cluster(`${"x".repeat(76)}-${10 + index}`)),
    },
    expected: [["clusters", /make an event pattern of \d+ characters; EventBridge allows 2048/]],
  },
];

describe("a mistake in the canary is told before anything is made", () => {
  areTold(MISTAKES);
});
