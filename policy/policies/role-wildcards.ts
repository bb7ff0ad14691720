import * as z from "zod";
import { parseJson } from "../../trust/text/parse-json";

/** A text or a list of texts: IAM accepts both. */
const texts = z.union([z.string().transform((text) => [text]), z.array(z.string())]);

const statement = z.looseObject({
  Sid: z.string().optional(),
  Effect: z.enum(["Allow", "Deny"]),
  Action: texts.optional(),
  Resource: texts.optional(),
});

const iamPolicy = z.object({
  Statement: z.union([statement.transform((single) => [single]), z.array(statement)]),
});

/**
 * Actions without resource-level permissions (service authorization reference, ECR and ECS), and the one for which
 * AWS's own policy allows every resource: components/aws/iam.ts gives the reason.
 */
const everyResource = ["ecr:getauthorizationtoken", "ecs:describetaskdefinition", "signer:getrevocationstatus"];

const repositories = /^repository\//;
/** The actions in the statement for the verifier's stops and rollbacks (components/aws/iam.ts). */
const ecsParts = /^(task|service|service-deployment|service-revision)\//;
const logStreams = /^log-group:[^*?]+:(log-stream:)?\*$/;

/** Where the name of a resource may have a wildcard, because its account and region are fixed. */
const names: Readonly<Record<string, RegExp>> = {
  "ecr:batchgetimage": repositories,
  "ecr:getdownloadurlforlayer": repositories,
  "ecr:describeimagesigningstatus": repositories,
  "ecs:stoptask": ecsParts,
  "ecs:listservicedeployments": ecsParts,
  "ecs:describeservicedeployments": ecsParts,
  "ecs:describeservicerevisions": ecsParts,
  "ecs:stopservicedeployment": ecsParts,
  "logs:createlogstream": logStreams,
  "logs:putlogevents": logStreams,
};

/**
 * The wildcards in an IAM policy that the verifier does not need.
 *
 * @param allowed Actions, in any case, with further resources that they may have, exactly as written.
 */
export function roleWildcards(
  policy: string,
  allowed: Readonly<Record<string, readonly string[]>> = {},
): readonly string[] {
  const parsed = iamPolicy.safeParse(parseJson(policy));
  if (!parsed.success) return [`The policy cannot be read: ${z.prettifyError(parsed.error)}`];
  const more = new Map(Object.entries(allowed).map(([action, resources]) => [action.toLowerCase(), resources]));
  return parsed.data.Statement.filter(({ Effect }) => Effect === "Allow").flatMap(
    ({ Sid, Action, Resource }, index) => {
      const about = `The statement ${Sid ?? index + 1}`;
      if (Action === undefined || Resource === undefined) {
        return [`${about} does not list what it allows. Allowed: Action and Resource, not NotAction and NotResource.`];
      }
      return Action.flatMap((action) => {
        if (hasWildcard(action)) return [`${about} allows ${action}. List each action.`];
        return Resource.filter((resource) => !isAllowed(action.toLowerCase(), resource, more)).map(
          (resource) => `${about} allows ${action} on ${resource}, which is more than the verifier needs.`,
        );
      });
    },
  );
}

function isAllowed(action: string, resource: string, more: ReadonlyMap<string, readonly string[]>): boolean {
  if (!hasWildcard(resource) || more.get(action)?.includes(resource)) return true;
  if (resource === "*") return everyResource.includes(action);
  const [arn, partition, service, region, account, ...name] = resource.split(":");
  if ([arn, partition, service, region, account].some((part) => part === undefined || hasWildcard(part))) return false;
  return names[action]?.test(name.join(":")) === true;
}

function hasWildcard(text: string): boolean {
  return /[*?]/.test(text);
}
