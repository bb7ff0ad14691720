import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ALARMS_SENSITIVE } from "../../../components/alarms";
import { CANARY_SENSITIVE } from "../../../components/canary/canary";
import { CHANGE_ALARMS_SENSITIVE } from "../../../components/changes/change-alarms";
import { CHANGE_KINDS } from "../../../components/changes/change-patterns";
import { DASHBOARD_SENSITIVE } from "../../../components/dashboard/dashboard";
import { DEPLOYMENT_CHECK_SENSITIVE } from "../../../components/detector/deployment-check";
import { LAUNCH_DETECTOR_SENSITIVE } from "../../../components/detector/launch-detector";
import { VERIFIER_FUNCTION_SENSITIVE } from "../../../components/detector/verifier-function";
import { FUNCTION_CALL_SENSITIVE } from "../../../components/function-call";
import { DEPLOYMENT_GATE_SENSITIVE } from "../../../components/gate/deployment-gate-args";
import { GATE_ALARMS_SENSITIVE } from "../../../components/gate/gate-alarms";
import { GATE_FUNCTION_SENSITIVE } from "../../../components/gate/gate-function";
import { GATE_KEEPER_SENSITIVE } from "../../../components/gate/gate-keeper";
import { VERIFIER_IMAGE_SENSITIVE } from "../../../components/image/verifier-image";
import { ImageVerification } from "../../../components/image-verification";
import type { ImageVerificationChildren } from "../../../components/image-verification-args";
import { CHAT_DESTINATION_SENSITIVE } from "../../../components/notifications/chat-destination";
import { NOTIFICATIONS_SENSITIVE } from "../../../components/notifications/notifications";
import { ORDER_WATCH_SENSITIVE } from "../../../components/orders/order-watch";
import { ORDERS_SENSITIVE } from "../../../components/orders/orders";
import { SAMPLE_WORKLOAD_SENSITIVE } from "../../../components/sample/sample-workload";
import { SIGNING_PROFILE_SENSITIVE } from "../../../components/signing-profile";
import { SWEEP_ALARMS_SENSITIVE } from "../../../components/sweep/sweep-alarms";
import { SWEEP_SENSITIVE } from "../../../components/sweep/sweep-args";
import { SWEEP_COORDINATOR_SENSITIVE } from "../../../components/sweep/sweep-coordinator";
import { SWEEP_WORKER_SENSITIVE } from "../../../components/sweep/sweep-worker";
import { VERDICT_LEDGER_SENSITIVE } from "../../../components/verdict-ledger";
import { MACHINE } from "../components/machine";
import { runProgram } from "../components/run-program";
import { BEHAVIOUR, TRUST } from "../components/settings";

type Table = Readonly<Record<string, readonly string[]>>;

/** The parts that have parts of their own; one of those that are alike. */
type InnerPart =
  | "notifications.slack"
  | "gate.function"
  | "gate.check"
  | "gate.heartbeat"
  | "gate.keeper"
  | "gate.alarms"
  | "sweep.coordinator"
  | "sweep.worker"
  | "sweep.check"
  | "sweep.alarms";

/** The children of each part. The type checker asks for every one: a part here, and a child where its component is. */
const PARTS: Readonly<Record<keyof ImageVerificationChildren | InnerPart, Table>> = {
  signingProfile: SIGNING_PROFILE_SENSITIVE,
  image: VERIFIER_IMAGE_SENSITIVE,
  ledger: VERDICT_LEDGER_SENSITIVE,
  orders: ORDERS_SENSITIVE,
  notifications: NOTIFICATIONS_SENSITIVE,
  "notifications.slack": CHAT_DESTINATION_SENSITIVE,
  verifier: VERIFIER_FUNCTION_SENSITIVE,
  check: DEPLOYMENT_CHECK_SENSITIVE,
  detector: LAUNCH_DETECTOR_SENSITIVE,
  watch: ORDER_WATCH_SENSITIVE,
  findings: FUNCTION_CALL_SENSITIVE,
  alarms: ALARMS_SENSITIVE,
  gate: DEPLOYMENT_GATE_SENSITIVE,
  "gate.function": GATE_FUNCTION_SENSITIVE,
  "gate.check": DEPLOYMENT_CHECK_SENSITIVE,
  "gate.heartbeat": FUNCTION_CALL_SENSITIVE,
  "gate.keeper": GATE_KEEPER_SENSITIVE,
  "gate.alarms": GATE_ALARMS_SENSITIVE,
  sweep: SWEEP_SENSITIVE,
  "sweep.coordinator": SWEEP_COORDINATOR_SENSITIVE,
  "sweep.worker": SWEEP_WORKER_SENSITIVE,
  "sweep.check": DEPLOYMENT_CHECK_SENSITIVE,
  "sweep.alarms": SWEEP_ALARMS_SENSITIVE,
  sample: SAMPLE_WORKLOAD_SENSITIVE,
  canary: CANARY_SENSITIVE,
  changes: CHANGE_ALARMS_SENSITIVE,
  dashboard: DASHBOARD_SENSITIVE,
};

/** A row of the document: a child, the type of its resource, and the arguments that are warned of. */
interface Row {
  readonly child: string;
  readonly type: string;
  readonly warned: readonly string[];
}

const text = readFileSync(join(__dirname, "../../../docs/components.md"), "utf8");

/** The tables of the document, by the part that their heading names first. */
const documented = new Map(
  text
    .split(/^### /m)
    .slice(1)
    .map((section): [string, readonly Row[]] => [namesIn(section.split("\n", 1)[0] ?? "")[0] ?? "", rowsOf(section)]),
);

function rowsOf(section: string): readonly Row[] {
  return [...section.matchAll(/^\| (`[^|]*) \| `([^`]*)` \|([^|]*)\|$/gm)].flatMap(
    ([, children = "", type = "", last = ""]) =>
      namesIn(children).map((child) => ({ child, type, warned: namesIn(last) })),
  );
}

function namesIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
}

/** `aws:lambda/function:Function` as a program writes it: `aws.lambda.Function`. */
function typeInPrograms(token: string): string {
  const [provider = "", module = "", name = ""] = token.split(":");
  return [provider, module.split("/")[0], name].filter((part) => part !== "index").join(".");
}

/** Tells names apart by their letters and digits only: `dead-letters-policy` is `deadLettersPolicy`. */
const letters = (name: string) => name.replaceAll(/[^A-Za-z0-9]/g, "").toLowerCase();

/** The part and the child in a resource's name. */
const NAME =
  /^app-(notifications-slack(?!$)|gate-(?:function|check|heartbeat|keeper|alarms)(?!$)|sweep-(?:coordinator|worker|check|alarms)(?!$)|[a-z]+)-(.+)$/;

/** The calls of the gate's functions, which are alike. */
const asHeartbeat = (name: string) =>
  name.replace(/^app-gate-(?:schedule|changes|deployments)-/, "app-gate-heartbeat-");

/** The names that differ by what they are for: `100000000000-SignPayload`, `email-5d41402abc4b`, `query-errors`, `rule-roles`. */
const childOf = (suffix: string) =>
  suffix
    .replace(/^\d{12}-\w+$/, "permission")
    .replace(/^(?:email|https)-[0-9a-f]{12}$/, "subscription")
    .replace(/^query-[a-z-]+$/, "query")
    .replace(new RegExp(`^(rule|target|alarm)-(${CHANGE_KINDS.join("|")})$`), "$1");

describe("docs/components.md", () => {
  it("lists the children of every part, with what Pulumi warns of", () => {
    const listed = Object.fromEntries(
      [...documented].map(([part, rows]) => [
        part,
        Object.fromEntries(rows.map(({ child, warned }) => [child, warned])),
      ]),
    );

    assert.deepEqual(listed, PARTS);
  });

  it("names the type of each, and leaves out no resource of an environment", async () => {
    const { resources } = await runProgram(
      () =>
        void new ImageVerification("app", {
          trust: TRUST,
          behaviour: BEHAVIOUR,
          signingProfile: { signers: [{ account: "444455556666" }] },
          verifier: { source: { context: "/checkout/verifier", contentHash: "c0ffee" } },
          findings: true,
          sampleWorkload: true,
          gate: { attach: "all" },
          sweep: {},
          canary: { subnets: ["subnet-0123456789abcdef0"] },
          changeAlarms: { deploymentRole: "arn:aws:iam::111122223333:role/deploy", signingRoles: ["arn:role"] },
          notifications: {
            email: [{ address: "a@example.com" }],
            slack: { webhookUrl: "https://hooks.slack.example/secret" },
          },
          machine: MACHINE,
        }),
    );

    const parts = new Map(
      [...documented].map(([part]) => [letters(part === "signingProfile" ? "signing" : part), part]),
    );
    const made = resources.flatMap(({ type, name }) => {
      if (type.startsWith("ecs-image-verification:")) return [];
      const [, part = "", suffix = ""] = NAME.exec(asHeartbeat(name)) ?? [];
      return [`${parts.get(letters(part))} ${letters(childOf(suffix))} ${typeInPrograms(type)}`];
    });

    const rows = [...documented].flatMap(([part, all]) =>
      all.map(({ child, type }) => `${part} ${letters(child)} ${type}`),
    );
    assert.deepEqual([...new Set(made)].sort(), [...rows].sort());
  });
});
