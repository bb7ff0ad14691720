import { relative, sep } from "node:path";
// Registers the resource types. Without them the SDK gives awsx's task definitions as text, without an ARN.
import "@pulumi/aws/ecs";
import * as ecr from "@pulumi/aws/ecr";
import * as iam from "@pulumi/aws/iam";
import * as ecs from "@pulumi/awsx/ecs";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { IS_COMPILED, PACKAGE_ROOT } from "../../package-root";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { familyName } from "../aws/aws-names";
import { assumeRolePolicy, pullPolicy } from "../aws/iam";
import { findAccount, findRegion } from "../aws/place";
import { type Child, type MakeChild, prepareChildren, type Sensitive, withoutChildren } from "../children";
import { typeToken } from "../type-token";

/** AWS's public sample for ECS: a web page. */
const SAMPLE_IMAGE = "public.ecr.aws/ecs-sample-image/amazon-ecs-sample:latest";
/** The path of this product's files, relative to the project that runs Pulumi: an absolute path would differ on every machine. */
export function commandFolder(project: string = process.cwd()): string {
  return relative(project, PACKAGE_ROOT).split(sep).join("/") || ".";
}

export interface SampleWorkloadChildren {
  readonly signedRepository?: Child<ecr.RepositoryArgs>;
  readonly unsignedRepository?: Child<ecr.RepositoryArgs>;
  /** Copies the image that is signed. */
  readonly signedCopy?: Child<command.local.CommandArgs>;
  readonly unsignedCopy?: Child<command.local.CommandArgs>;
  /** Signs the image. */
  readonly signature?: Child<command.local.CommandArgs>;
  /** The execution role, with which ECS pulls the images. */
  readonly role?: Child<iam.RoleArgs>;
  readonly policy?: Child<iam.RolePolicyArgs>;
  readonly signedTask?: Child<ecs.FargateTaskDefinitionArgs>;
  readonly unsignedTask?: Child<ecs.FargateTaskDefinitionArgs>;
}

/** Empty: the verification does not depend on the sample. */
export const SAMPLE_WORKLOAD_SENSITIVE: Sensitive<SampleWorkloadChildren> = {
  signedRepository: [],
  unsignedRepository: [],
  signedCopy: [],
  unsignedCopy: [],
  signature: [],
  role: [],
  policy: [],
  signedTask: [],
  unsignedTask: [],
};

/** One of the two images of the sample. */
type Kind = "signed" | "unsigned";

export interface SampleWorkloadArgs {
  /** AWS account: 12 digits. Default: that of the component's provider. */
  account?: pulumi.Input<string>;
  /** Default: that of the component's provider. */
  region?: pulumi.Input<string>;
  /** ARN of the profile that the sample is signed with. */
  signingProfileArn: pulumi.Input<string>;
  /** Base image with Go to build the signing programs, if this machine lacks them. Default: that of `verifier/Dockerfile`. */
  goImage?: string;
  /** A base image of the verifier, whose signing programs are used instead if this machine lacks them. */
  baseImage?: string;
  /** The public image that is copied. Default: AWS's sample for ECS. */
  image?: pulumi.Input<string>;
  /** Lets `pulumi destroy` remove the repositories with their images. Default: false. */
  forceDelete?: pulumi.Input<boolean>;
  /** Changes to single resources of this component: docs/components.md. */
  children?: SampleWorkloadChildren | undefined;
}

type Placed = SampleWorkloadArgs & Required<Pick<SampleWorkloadArgs, "region">>;

/** Copies a public image to two repositories and signs it in one of them. Each copy has a task definition to run. */
export class SampleWorkload extends pulumi.ComponentResource {
  /** The repository for signed images: `registry/repository`. */
  readonly repositoryUrl: pulumi.Output<string>;
  /** The signed image, by digest. */
  readonly signedImage: pulumi.Output<string>;
  readonly unsignedImage: pulumi.Output<string>;
  readonly signedTaskDefinitionArn: pulumi.Output<string>;
  readonly unsignedTaskDefinitionArn: pulumi.Output<string>;
  /** ARN of the role with which ECS pulls the images. */
  readonly executionRoleArn: pulumi.Output<string>;
  private readonly child: MakeChild<SampleWorkloadChildren>;

  constructor(name: string, args: SampleWorkloadArgs, opts?: pulumi.ComponentResourceOptions) {
    super(typeToken("SampleWorkload"), name, withoutChildren(args), opts);
    this.child = prepareChildren(this, args.children, SAMPLE_WORKLOAD_SENSITIVE);
    const { account = findAccount(this), region = findRegion(this) } = args;
    const signedRepository = this.repository(name, "signed", args);
    // In another repository, because in the same one this digest would be signed too.
    const unsignedRepository = this.repository(name, "unsigned", args);
    const copied = this.copy(name, "signed", signedRepository, { ...args, region });
    const unsigned = this.copy(name, "unsigned", unsignedRepository, { ...args, region });
    const signature = this.sign(name, copied, { ...args, region });
    const role = this.executionRole(name, [signedRepository.arn, unsignedRepository.arn], account);
    const signedTask = this.taskDefinition(name, "signed", copied, role.arn, [signature]);
    const unsignedTask = this.taskDefinition(name, "unsigned", unsigned, role.arn, []);

    this.repositoryUrl = signedRepository.repositoryUrl;
    this.signedImage = copied;
    this.unsignedImage = unsigned;
    this.signedTaskDefinitionArn = signedTask.taskDefinition.apply((task) => task.arn);
    this.unsignedTaskDefinitionArn = unsignedTask.taskDefinition.apply((task) => task.arn);
    this.executionRoleArn = role.arn;
    this.registerOutputs({
      repositoryUrl: this.repositoryUrl,
      signedImage: this.signedImage,
      unsignedImage: this.unsignedImage,
      signedTaskDefinitionArn: this.signedTaskDefinitionArn,
      unsignedTaskDefinitionArn: this.unsignedTaskDefinitionArn,
    });
  }

  private repository(name: string, kind: Kind, { forceDelete = false }: SampleWorkloadArgs): ecr.Repository {
    return new ecr.Repository(
      `${name}-${kind}-repository`,
      ...this.child(`${kind}Repository`, {
        // Clients without the referrers API list signatures in an index under a tag such as sha256-..., which must be mutable.
        imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
        imageTagMutabilityExclusionFilters: [{ filter: "sha256-*", filterType: "WILDCARD" }],
        imageScanningConfiguration: { scanOnPush: true },
        forceDelete,
        // No lifecycle policy: signatures have no tag, and a rule for untagged images would expire them.
      }),
    );
  }

  /** Copies the sample to a repository and gives the copy's reference by digest. */
  private copy(name: string, kind: Kind, repository: ecr.Repository, args: Placed): pulumi.Output<string> {
    const source = args.image ?? SAMPLE_IMAGE;
    return this.run(`${name}-${kind}-copy`, `${kind}Copy`, "copy-main", [source, repository.repositoryUrl], {
      SOURCE_IMAGE: source,
      REPOSITORY: repository.repositoryUrl,
      TAG: "demo-app",
      AWS_REGION: args.region,
    }).stdout;
  }

  private sign(name: string, image: pulumi.Output<string>, args: Placed): command.local.Command {
    return this.run(`${name}-signature`, "signature", "sign-main", [image, args.signingProfileArn], {
      IMAGE: image,
      PROFILE_ARN: args.signingProfileArn,
      ...withoutUndefined({ GO_IMAGE: args.goImage, BASE_IMAGE: args.baseImage }),
      AWS_REGION: args.region,
    });
  }

  /**
   * Runs a program of this folder, once for each set of triggers. It finds AWS credentials as the AWS SDK does; none are in
   * its arguments or in the state. A change of other inputs does not run it again.
   */
  private run(
    name: string,
    child: `${Kind}Copy` | "signature",
    program: "copy-main" | "sign-main",
    triggers: pulumi.Input<string>[],
    environment: Record<string, pulumi.Input<string>>,
  ): command.local.Command {
    return new command.local.Command(
      name,
      ...this.child(
        child,
        {
          dir: commandFolder(),
          create: IS_COMPILED
            ? `node components/sample/${program}.js`
            : `node --import tsx components/sample/${program}.ts`,
          update: 'printf %s "$PULUMI_COMMAND_STDOUT"',
          environment,
          triggers,
          logging: command.types.enums.local.Logging.Stderr,
        },
        { replaceOnChanges: ["triggers"] },
      ),
    );
  }

  private executionRole(name: string, repositoryArns: pulumi.Input<string>[], account: pulumi.Input<string>): iam.Role {
    const role = new iam.Role(
      `${name}-role`,
      ...this.child("role", {
        assumeRolePolicy: pulumi
          .output(account)
          .apply((known) => JSON.stringify(assumeRolePolicy("ecs-tasks.amazonaws.com", known))),
      }),
    );
    new iam.RolePolicy(
      `${name}-policy`,
      ...this.child("policy", {
        role: role.name,
        policy: pulumi.all(repositoryArns).apply((arns) => JSON.stringify(pullPolicy(arns))),
      }),
    );
    return role;
  }

  private taskDefinition(
    name: string,
    kind: Kind,
    image: pulumi.Output<string>,
    executionRoleArn: pulumi.Output<string>,
    dependsOn: pulumi.Resource[],
  ): ecs.FargateTaskDefinition {
    const [args, options] = this.child(
      `${kind}Task`,
      {
        // Pulumi adds no suffix to families, and an account may have several stacks.
        family: familyName(`${name}-${kind}-${pulumi.getStack()}`),
        cpu: "256",
        memory: "512",
        container: { name: "sample", image, essential: true, portMappings: [{ containerPort: 80 }] },
        executionRole: { roleArn: executionRoleArn },
        // The sample calls no AWS API and needs no log.
        taskRole: { skip: true },
        logGroup: { skip: true },
      },
      { dependsOn, transforms: [fargateAndEc2] },
    );
    const aws = this.getProvider("aws:ecs/taskDefinition:TaskDefinition");
    // awsx is a remote component: it gets the AWS provider only if the provider is passed explicitly.
    return new ecs.FargateTaskDefinition(`${name}-${kind}-task`, args, {
      ...options,
      ...withoutUndefined({ providers: aws && [aws] }),
    });
  }
}

/** Lets the sample run on EC2 as well: awsx declares its task definitions for Fargate only. */
export function fargateAndEc2({
  type,
  props,
  opts,
}: pulumi.ResourceTransformArgs): pulumi.ResourceTransformResult | undefined {
  if (type !== "aws:ecs/taskDefinition:TaskDefinition") return undefined;
  return { props: { ...props, requiresCompatibilities: ["EC2", "FARGATE"] }, opts };
}
