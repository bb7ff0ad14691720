import { checkRunningSettings, parseDeploymentCheckRequest } from "../../../verifier/src/detector/deployment-check";
import { parseSettings } from "../../../verifier/src/settings";
import { hashSettings } from "../../../verifier/src/settings-hash";
import type { Properties } from "./properties";

/**
 * What the images are made of and which of them the functions run on. Docker and AWS are plugins apart: what one builds, the
 * other finds in the registry. Names end in random letters, so tests do not meet here.
 */
const settingsByImage = new Map<string, string>();
const functions = new Map<string, Properties>();

/** Notes an image by its digest, with the arguments that it was built with. */
export function noteImage(image: string, { SETTINGS }: Readonly<Record<string, string>>): void {
  if (SETTINGS !== undefined) settingsByImage.set(image, SETTINGS);
}

/** Notes what a function runs on by now, as Lambda has it. */
export function noteFunction(name: string, inputs: Properties): void {
  functions.set(name, inputs);
}

/** The newest version of each function that publishes them. */
const versions = new Map<string, number>();

/** The number of a function's next version. */
export function publishVersion(name: string): string {
  const next = (versions.get(name) ?? 0) + 1;
  versions.set(name, next);
  return String(next);
}

/** What GetFunction says of it (`dataSourceFunctionRead` of terraform-provider-aws: -1 where nothing is reserved). */
export function describeFunction({ functionName }: Properties): Properties {
  const found = functions.get(String(functionName));
  if (found === undefined) throw new Error(`reading Lambda Function (${functionName}): ResourceNotFoundException`);
  const { imageUri, memorySize, timeout, environment, reservedConcurrentExecutions = -1 } = found;
  return { functionName, imageUri, memorySize, timeout, environment, reservedConcurrentExecutions };
}

/**
 * The verifier's answer: what it compares is compared, and there is one repository that it cannot read if it names any.
 *
 * @throws Error in the words of terraform-provider-aws, internal/service/lambda/invocation.go, if the function throws.
 */
export function invokeFunction(name: string, input: string): string {
  const asked = parseDeploymentCheckRequest(JSON.parse(input));
  const settings = settingsByImage.get(String(functions.get(name)?.imageUri));
  if (asked === undefined || settings === undefined) return "null";
  const running = parseSettings(JSON.parse(settings));
  try {
    checkRunningSettings(hashSettings(running), asked.settings);
  } catch (error) {
    const { name: errorType, message: errorMessage } = error as Error;
    throw new Error(`invoking Lambda Function (${name}): ${JSON.stringify({ errorType, errorMessage, trace: [] })}`);
  }
  const named = running.trust.statements.some(({ repositories }) => repositories.some((each) => each !== "*"));
  const unreadable = { repository: "registry.example.com/app", code: "registry-login-required", detail: "401" };
  return JSON.stringify({ warnings: named ? [unreadable] : [] });
}
