import { areTold, type Mistake } from "./mistake";

const cluster = (name: string, place = "eu-west-1:111122223333") => `arn:aws:ecs:${place}:cluster/${name}`;
const service = (name: string, place = "eu-west-1:111122223333") => `arn:aws:ecs:${place}:service/web/${name}`;

const MISTAKES: readonly Mistake[] = [
  {
    title: "a gate that is no mapping",
    changes: { gate: true },
    expected: [["gate", /must be a mapping[\s\S]*Allowed: a mapping; \{\}[\s\S]*remove the key to have no gate/]],
  },
  {
    title: "a mode of the gate that is none",
    changes: { gate: { mode: "block" } },
    expected: [["gate.mode", /"block" must be "audit" or "enforce"/]],
  },
  {
    title: "a setting of the keeper that is none",
    changes: { gate: { attach: "every" } },
    expected: [["gate.attach", /"every" must be "none" or "listed" or "all"/]],
  },
  {
    title: "a key with a typing error under the gate",
    changes: { gate: { service: [] } },
    expected: [["gate.service", /is not a key[\s\S]*Write services\./]],
  },
  ...["web/shop", service("shop").replace("web/", "")].map(
    (arn): Mistake => ({
      title: `a service that is not given by its ARN with the cluster: ${arn}`,
      changes: { gate: { attach: "listed", services: [arn] } },
      expected: [["gate.services[0]", /must be the ARN of a service, such as arn:aws:ecs:/]],
    }),
  ),
  {
    title: "the same service twice",
    changes: { gate: { services: [service("shop"), service("shop")] } },
    expected: [["gate.services[1]", /repeats a service/]],
  },
  {
    title: "services and clusters of the gate in other accounts and regions",
    changes: {
      gate: {
        attach: "all",
        services: [service("shop", "eu-west-1:444455556666")],
        enforce: {
          clusters: [cluster("web"), cluster("web", "us-east-1:111122223333")],
          services: [service("shop", "us-east-1:111122223333")],
        },
      },
    },
    expected: [
      ["gate.services[0]", /is not in account 111122223333 in eu-west-1[\s\S]*begin with arn:aws:ecs:eu-west-1:111/],
      ["gate.enforce.clusters[1]", /is not in account 111122223333 in eu-west-1[\s\S]*Run one stack in each/],
      ["gate.enforce.services[0]", /is not in account 111122223333 in eu-west-1/],
    ],
  },
  {
    title: "a service of the gate in a cluster that is not watched",
    changes: { clusters: [cluster("jobs")], gate: { attach: "listed", services: [service("shop")] } },
    expected: [
      [
        "gate.services[0]",
        /not in one of the watched clusters[\s\S]*of arn:.*cluster\/jobs[\s\S]*Add its cluster to clusters/,
      ],
    ],
  },
  {
    title: "a gate that enforces everywhere, and in one place",
    changes: { gate: { mode: "enforce", enforce: { clusters: [cluster("web")] } } },
    expected: [["gate.enforce", /contradicts gate\.mode[\s\S]*Remove gate\.enforce.*or set gate\.mode to audit/]],
  },
  {
    title: "a gate in audit before a detector that enforces",
    changes: { mode: "enforce", gate: {} },
    expected: [
      [
        "gate.mode",
        /"audit" does not fit the environment's mode, which is enforce[\s\S]*Allowed: enforce; or audit with[\s\S]*gate\.acceptTasksStopped: true\./,
      ],
    ],
  },
  {
    title: "a keeper of listed services without a list",
    changes: { gate: { attach: "listed" } },
    expected: [["gate.services", /\[\] names no service, and gate\.attach is listed[\s\S]*Fix: List the services/]],
  },
  ...[0, 1001, 2.5, "all"].map(
    (reservedConcurrency): Mistake => ({
      title: `a gate with the concurrency ${reservedConcurrency}`,
      changes: { gate: { reservedConcurrency } },
      expected: [
        [
          "gate.reservedConcurrency",
          /must be a (?:number of invocations, or none|whole number from 1 to 1000)[\s\S]*whole number from 1 to 1000, or none/,
        ],
      ],
    }),
  ),
  ...[true, "no"].map(
    (open): Mistake => ({
      title: `openings of the gate as ${open}`,
      changes: { gate: { open } },
      expected: [
        ["gate.open", /must be false, or a mapping[\s\S]*maxHours \(1 to 72[\s\S]*so that nobody can open the gate/],
      ],
    }),
  ),
  {
    title: "openings of the gate for longer than can be allowed",
    changes: { gate: { open: { maxHours: 100 } } },
    expected: [["gate.open.maxHours", /100 must be a whole number from 1 to 72, in hours/]],
  },
  {
    title: "openings of the gate by a role that is given by its name",
    changes: { gate: { open: { principals: ["on-call"] } } },
    expected: [["gate.open.principals[0]", /"on-call" must be the ARN of an IAM role/]],
  },
  {
    title: "a tag for owners that is no key of a tag",
    changes: { gate: { ownerTag: "team!" } },
    expected: [["gate.ownerTag", /"team!" must be the key of a tag: 1 to 128/]],
  },
  {
    title: "more services of the gate than fit the variables of a function",
    changes: {
      gate: { attach: "listed", services: Array.from({ length: 80 }, (_, index) => service(`shop-${index}`)) },
    },
    expected: [
      ["gate", /"80 clusters and services" make variables of \d+ characters.*Lambda allows 4096[\s\S]*List fewer/],
    ],
  },
];

describe("a mistake about the gate is told with its key, and nothing is made:", () => areTold(MISTAKES));
