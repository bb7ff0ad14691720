import {
  allow,
  importFindings,
  inClusters,
  type PolicyDocument,
  type PolicyStatement,
  policy,
  type RecordingPermissions,
  recordingStatements,
  stopAndRollBack,
  useLedger,
  type VerifierPermissions,
  writeLog,
} from "./iam";
import { readRunning } from "./running-policies";

/** What the policies of both functions are about. */
interface SweepPermissions {
  /** ARNs of the watched clusters; every cluster of the account and region if undefined. */
  readonly clusters?: readonly string[] | undefined;
  readonly ledgerArn: string;
  /** ARN of the queue from the coordinator to the worker. */
  readonly queueArn: string;
  readonly logGroupArn: string;
  /** ARN of the product of Security Hub that findings are sent as; undefined: there are none. */
  readonly findingsProductArn?: string | undefined;
}

/** The facts that decide the permissions of the coordinator. */
export interface CoordinatorPermissions extends SweepPermissions {
  /** ARN of its own function, by its name: the function is made after its role. */
  readonly functionArn: string;
  readonly topicArn: string;
  readonly deadLetterQueueArn: string;
}

/** The coordinator's function lists what runs, hands it to the worker, goes on with itself, and tells what a sweep has found. */
export function coordinatorPolicy(permissions: CoordinatorPermissions): PolicyDocument {
  const { clusters, functionArn, ledgerArn, queueArn, deadLetterQueueArn, topicArn, logGroupArn } = permissions;
  return policy([
    ...(clusters === undefined ? [readRunning({ everyCluster: true })] : [readRunningIn(clusters)]),
    // The action has no resource-level permissions (service authorization reference, Amazon ECS).
    allow("TellAddedContainers", ["ecs:DescribeTaskDefinition"], ["*"]),
    allow("HandOver", ["sqs:SendMessage"], [queueArn]),
    allow("GoOn", ["lambda:InvokeFunction"], [functionArn]),
    useLedger(ledgerArn),
    keepSweep(ledgerArn),
    allow("Notify", ["sns:Publish"], [topicArn]),
    // Lambda sends it what failed at every attempt, with the function's role (developer guide, "Asynchronous invocation").
    allow("KeepFailures", ["sqs:SendMessage"], [deadLetterQueueArn]),
    ...sendFindings(permissions),
    writeLog(logGroupArn),
  ]);
}

/** The facts that decide what the worker does with a verdict. */
export type WorkerPermissions = SweepPermissions & RecordingPermissions;

/** What the worker's function does with a verdict, beside what it does in clusters: {@link workerClustersPolicy}. */
export function workerPolicy(permissions: WorkerPermissions): PolicyDocument {
  const { ledgerArn, queueArn, logGroupArn } = permissions;
  return policy([
    ...recordingStatements(permissions),
    keepSweep(ledgerArn),
    // Lambda polls the queue with the function's role (developer guide, "Using Lambda with Amazon SQS").
    allow("TakeImages", ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], [queueArn]),
    ...sendFindings(permissions),
    writeLog(logGroupArn),
  ]);
}

/** The facts that decide what the worker may do in clusters. */
export interface WorkerClustersPermissions extends Pick<VerifierPermissions, "trust" | "clusters"> {
  /** Only `enforce` may stop tasks and deployments. */
  readonly mode: "audit" | "enforce";
}

/**
 * What the worker's function does in clusters: it looks again at the tasks that run an image, and stops them where that is its mode.
 * A policy of its own, because it names the clusters twice.
 */
export function workerClustersPolicy({ trust, mode, clusters }: WorkerClustersPermissions): PolicyDocument {
  return policy([readRunningIn(clusters), ...(mode === "enforce" ? [stopAndRollBack({ trust, clusters })] : [])]);
}

/** Lets the role of a schedule invoke one function, and keep what it could not deliver. */
export function sweepSchedulePolicy(functionArn: string, deadLetterQueueArn: string): PolicyDocument {
  return policy([
    allow("BeginSweep", ["lambda:InvokeFunction"], [functionArn]),
    // EventBridge Scheduler uses this role for its dead-letter queue as well (user guide, "Configuring a dead-letter queue").
    allow("KeepUndelivered", ["sqs:SendMessage"], [deadLetterQueueArn]),
  ]);
}

/** Lets a function read the tasks of some clusters, or of every one, without listing clusters. */
function readRunningIn(clusters: readonly string[] | undefined): PolicyStatement {
  return inClusters(readRunning({ everyCluster: false }), clusters);
}

function sendFindings({
  findingsProductArn,
}: Pick<SweepPermissions, "findingsProductArn">): readonly PolicyStatement[] {
  return findingsProductArn === undefined ? [] : [importFindings(findingsProductArn)];
}

/** What a sweep keeps in the ledger beside what every function does there (`useLedger`). */
function keepSweep(ledgerArn: string): PolicyStatement {
  return allow("KeepSweep", ["dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:BatchWriteItem"], [ledgerArn]);
}
