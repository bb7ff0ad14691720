import { checkRunningSettings, parseDeploymentCheckRequest } from "../../../verifier/src/detector/deployment-check";
import { parseSettings } from "../../../verifier/src/settings";
import { hashSettings } from "../../../verifier/src/settings-hash";
import type { Properties } from "./properties";

/**
 * What the images are made of and which of them the functions run on. Docker and AWS are plugins apart: what one builds, the
 * other finds in the registry. Names end in random letters, so tests do not meet here.
 */
const settingsByImage = new Map<string, string>();
const imageByFunction = new Map<string, string>();

/** Notes an image by its digest, with the arguments that it was built with. */
export function noteImage(image: string, { SETTINGS }: Readonly<Record<string, string>>): void {
  if (SETTINGS !== undefined) settingsByImage.set(image, SETTINGS);
}

/** Notes what a function runs on by now, as Lambda has it. */
export function noteFunction(name: string, { imageUri }: Properties): void {
  imageByFunction.set(name, String(imageUri));
}

/**
 * The verifier's answer: what it compares is compared, and there is one repository that it cannot read if it names any.
 *
 * @throws Error in the words of terraform-provider-aws, internal/service/lambda/invocation.go, if the function throws.
 */
export function invokeFunction(name: string, input: string): string {
  const asked = parseDeploymentCheckRequest(JSON.parse(input));
  const settings = settingsByImage.get(imageByFunction.get(name) ?? "");
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
