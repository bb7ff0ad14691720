import { createHash } from "node:crypto";
import { LogGroup } from "@pulumi/aws/cloudwatch";
import { Service, type ServiceArgs, TaskDefinition, type TaskDefinitionArgs } from "@pulumi/aws/ecs";
import { Role, RolePolicyAttachment } from "@pulumi/aws/iam";
import {
  all,
  ComponentResource,
  type ComponentResourceOptions,
  getStack,
  type Inputs,
  type Output,
  output,
} from "@pulumi/pulumi";
import { main } from "@pulumi/pulumi/provider";

const TYPE = "awsx:ecs:FargateTaskDefinition";
const SERVICE = "awsx:ecs:FargateService";

/** The inputs that the stand-in knows; the others go to the task definition as they are. */
interface TaskInputs extends Inputs {
  readonly container?: Container;
  readonly containers?: Readonly<Record<string, Container>>;
  readonly logGroup?: { readonly skip?: boolean; readonly args?: Inputs };
  readonly executionRole?: RoleInputs;
  readonly taskRole?: RoleInputs;
  readonly family?: string;
}

type Container = Inputs & { readonly name?: string; readonly logConfiguration?: unknown };

interface RoleInputs {
  readonly skip?: boolean;
  readonly roleArn?: string;
  readonly args?: Inputs;
}

/**
 * Registers what awsx 3.9 registers for a Fargate task definition: a log group, a task role, an execution role with AWS's
 * policy, and the task definition, which always asks for Fargate only (awsx/ecs/fargateTaskDefinition.ts and awsx/role.ts).
 */
class FargateTaskDefinition extends ComponentResource {
  readonly state: Inputs;

  constructor(name: string, inputs: TaskInputs, options: ComponentResourceOptions) {
    super(TYPE, name, {}, options);
    const { container, containers, logGroup: log, executionRole, taskRole, ...rest } = inputs;
    const parent = { parent: this };
    const logGroup = log?.skip ? undefined : new LogGroup(name, log?.args ?? {}, parent);
    const task = this.role(`${name}-task`, taskRole, []);
    const execution = this.role(`${name}-execution`, executionRole, [
      "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
    ]);
    const named = containers ?? (container ? { [container.name ?? "container"]: container } : {});
    const definitions = containerDefinitions(named, logGroup);
    const taskDefinition = new TaskDefinition(
      name,
      {
        ...(rest as Partial<TaskDefinitionArgs>),
        requiresCompatibilities: ["FARGATE"],
        networkMode: "awsvpc",
        taskRoleArn: task.arn,
        executionRoleArn: execution.arn,
        family: inputs.family ?? definitions.apply((text) => `${name}-${hash(getStack() + text)}`),
        containerDefinitions: definitions,
      } as TaskDefinitionArgs,
      parent,
    );
    this.state = {
      taskDefinition,
      logGroup,
      taskRole: task.role,
      executionRole: execution.role,
      loadBalancers: [],
    };
    this.registerOutputs(this.state);
  }

  private role(name: string, { skip, roleArn, args }: RoleInputs = {}, policies: readonly string[]) {
    if (skip || roleArn !== undefined) return { arn: roleArn };
    const assumeRolePolicy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Action: "sts:AssumeRole", Principal: { Service: "ecs-tasks.amazonaws.com" }, Effect: "Allow", Sid: "" },
      ],
    });
    const role = new Role(name, { assumeRolePolicy, ...args }, { parent: this });
    for (const policyArn of policies) {
      new RolePolicyAttachment(`${name}-${hash(policyArn)}`, { role: role.name, policyArn }, { parent: this });
    }
    return { role, arn: role.arn };
  }
}

/** Registers the service of awsx's Fargate service for a task definition that there is (awsx/ecs/fargateService.ts). */
class FargateService extends ComponentResource {
  readonly state: Inputs;

  constructor(name: string, inputs: Inputs, options: ComponentResourceOptions) {
    super(SERVICE, name, {}, options);
    const service = new Service(name, { ...(inputs as ServiceArgs), launchType: "FARGATE" }, { parent: this });
    this.state = { service };
    this.registerOutputs(this.state);
  }
}

function containerDefinitions(
  containers: Readonly<Record<string, Container>>,
  logGroup: LogGroup | undefined,
): Output<string> {
  return all([output(containers), logGroup?.arn]).apply(([known, arn]) => {
    const definitions = Object.entries(known).map(([name, container]) => {
      const [, , , region, , , group] = arn?.split(":") ?? [];
      const options = { "awslogs-group": group, "awslogs-region": region, "awslogs-stream-prefix": name };
      const logConfiguration = arn === undefined ? undefined : { logDriver: "awslogs", options };
      return { logConfiguration, ...container, name };
    });
    return JSON.stringify(definitions);
  });
}

/** As awsx makes names that follow from a text. */
function hash(text: string): string {
  return createHash("sha1").update(text).digest("hex").slice(0, 7);
}

const COMPONENTS: Readonly<Record<string, typeof FargateTaskDefinition | typeof FargateService>> = {
  [TYPE]: FargateTaskDefinition,
  [SERVICE]: FargateService,
};

main(
  {
    version: "3.9.0",
    schema: "{}",
    async construct(name, type, inputs, options) {
      const Played = COMPONENTS[type];
      if (Played === undefined) throw new Error(`The stand-in for the provider awsx does not play ${type}.`);
      const component = new Played(name, inputs, options);
      return { urn: component.urn, state: component.state };
    },
  },
  process.argv.slice(2),
).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
