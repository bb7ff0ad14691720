import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import type { Fault } from "../../trust/text/fixable-error";
import { ComponentError } from "../program-error";

/** Which names a service accepts, by its API reference. */
interface Grammar {
  readonly pattern: RegExp;
  readonly allowed: string;
  readonly longest: number;
  /** The input that holds the name. Default: `name`. */
  readonly input?: "family" | "dashboardName";
  /** How many characters the provider adds to a `namePrefix`. */
  readonly afterPrefix?: number;
}

const WORD = { pattern: /^[A-Za-z0-9_-]+$/, allowed: "letters, digits, - and _" };
const DOTTED = { pattern: /^[A-Za-z0-9_.-]+$/, allowed: "letters, digits, dots, - and _" };
const IAM = { pattern: /^[A-Za-z0-9_+=,.@-]+$/, allowed: "letters, digits and +=,.@-_" };

/** The name rules of each resource type whose name AWS sees. */
export const NAME_GRAMMARS: Readonly<Record<string, Grammar>> = {
  "aws:cloudwatch/dashboard:Dashboard": { ...WORD, longest: 255, input: "dashboardName" },
  "aws:cloudwatch/eventApiDestination:EventApiDestination": { ...DOTTED, longest: 64 },
  "aws:cloudwatch/eventConnection:EventConnection": { ...DOTTED, longest: 64 },
  "aws:cloudwatch/eventRule:EventRule": { ...DOTTED, longest: 64 },
  "aws:cloudwatch/logGroup:LogGroup": {
    pattern: /^[A-Za-z0-9_./#-]+$/,
    allowed: "letters, digits and ./#-_",
    longest: 512,
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    pattern: /^[^\p{Cc}]+$/u,
    allowed: "anything but control characters",
    longest: 255,
  },
  "aws:cloudwatch/queryDefinition:QueryDefinition": {
    // With slashes between the names of folders. Terraform's provider refuses colons and asterisks.
    pattern: /^[^:*/]+(?:\/[^:*/]+)*$/,
    allowed: "anything but colons, asterisks and slashes at an end",
    longest: 255,
  },
  "aws:dynamodb/table:Table": { ...DOTTED, longest: 255 },
  "aws:ecr/repository:Repository": {
    // The provider writes the name in lower case.
    pattern: /^[a-z0-9]+(?:[._/-][a-z0-9]+)*$/i,
    allowed: "letters and digits with single dots, -, _ or / between them",
    longest: 256,
  },
  "aws:ecs/cluster:Cluster": { ...WORD, longest: 255 },
  "aws:iam/role:Role": { ...IAM, longest: 64 },
  "aws:iam/policy:Policy": { ...IAM, longest: 128 },
  "aws:iam/rolePolicy:RolePolicy": { ...IAM, longest: 128 },
  "aws:kms/alias:Alias": {
    pattern: /^alias\/[A-Za-z0-9/_-]+$/,
    allowed: "alias/ and letters, digits, /, - and _",
    longest: 256,
    afterPrefix: 26,
  },
  "aws:lambda/alias:Alias": { ...WORD, longest: 128 },
  "aws:lambda/function:Function": { ...WORD, longest: 64 },
  "aws:scheduler/schedule:Schedule": { ...DOTTED, longest: 64 },
  "aws:signer/signingProfile:SigningProfile": {
    pattern: /^[A-Za-z0-9_]{2,}$/,
    allowed: "letters, digits and _",
    longest: 64,
    afterPrefix: 26,
  },
  "aws:sns/topic:Topic": { ...WORD, longest: 256 },
  "aws:sqs/queue:Queue": { ...WORD, longest: 80 },
  "awsx:ecs:FargateTaskDefinition": { ...WORD, longest: 255, input: "family" },
};

/** As long as the suffix of Pulumi's automatic names: a hyphen and seven characters. */
const MADE_UP = "-0000000";

/** A resource has a name that its AWS service would refuse. */
export class NameRefusedError extends ComponentError {
  override readonly name = "NameRefusedError";

  constructor(type: string, name: string, problem: string) {
    super({
      what: `${type} would have the name ${JSON.stringify(name)}, which ${problem}.`,
      fix: "It begins with the component's name: give the component another name.",
    });
  }

  get fault(): Fault {
    return "input";
  }
}

/** Why a service would refuse a name, to complete "which ..."; undefined if it accepts it. */
export function nameProblem(type: string, name: string): string | undefined {
  const grammar = NAME_GRAMMARS[type];
  if (grammar === undefined) return undefined;
  const { pattern, allowed, longest } = grammar;
  if (name.length > longest) return `has ${name.length} characters; AWS allows ${longest}`;
  return pattern.test(name) ? undefined : `AWS refuses; it allows ${allowed}`;
}

/**
 * A resource transformation that checks each name before the update begins. AWS would refuse the name only in the middle
 * of it.
 *
 * @throws {@link NameRefusedError}
 */
export function checkedNames({ type, name, props }: pulumi.ResourceTransformationArgs): undefined {
  const shown = nameInAws(type, name, props);
  const problem = shown === undefined ? undefined : nameProblem(type, shown);
  if (shown !== undefined && problem !== undefined) throw new NameRefusedError(type, shown, problem);
}

/** The name that AWS gets; undefined if there is none, or if it is known only while Pulumi runs. */
function nameInAws(type: string, name: string, props: Readonly<Record<string, unknown>>): string | undefined {
  const grammar = NAME_GRAMMARS[type];
  if (grammar === undefined) return undefined;
  const { input = "name", afterPrefix = MADE_UP.length } = grammar;
  const given = props[input];
  if (given !== undefined) return typeof given === "string" ? given : undefined;
  const { namePrefix } = props;
  if (typeof namePrefix === "string") return namePrefix + "0".repeat(afterPrefix);
  return name + MADE_UP;
}

/**
 * Makes a task definition's family from any text. Characters that ECS refuses are replaced; a hash keeps two texts apart
 * that would then have the same family.
 */
export function familyName(text: string): string {
  if (nameProblem("awsx:ecs:FargateTaskDefinition", text) === undefined) return text;
  return wordWithHash(text, 200);
}

/** The longest name of a Lambda function, an IAM role, and a rule of EventBridge. */
const LONGEST_FIXED = 64;

/**
 * A name for a resource that follows from the environment's, so that it stays the same when the resource is made
 * again. As with {@link familyName}, a hash keeps names apart that are too long or have characters that Lambda refuses.
 */
export function fixedName(prefix: string, environment: string): string {
  const whole = `${prefix}-${environment}`;
  if (nameProblem("aws:lambda/function:Function", whole) === undefined) return whole;
  return wordWithHash(whole, LONGEST_FIXED - "-".length - HASH_LENGTH);
}

const HASH_LENGTH = 8;

/** The beginning of a text in the characters of a word, and a hash of the whole text. */
function wordWithHash(text: string, longest: number): string {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, HASH_LENGTH);
  return `${text.replaceAll(/[^A-Za-z0-9_-]+/g, "-").slice(0, longest)}-${hash}`;
}

/** The prefix of a signing profile's name. It leaves room for the 26 characters that the provider adds. */
export function profileNamePrefix(text: string): string {
  return `${text.replaceAll(/[^A-Za-z0-9]+/g, "_").slice(0, 37)}_`;
}
