import { InvalidArgumentError } from "commander";
import { isAccountId, isRegionName } from "../../trust/partition";

/** Parses an option's time limit in seconds. */
export function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!Number.isFinite(seconds) || seconds <= 0 || seconds > 900) {
    throw new InvalidArgumentError("It must be a number of seconds, more than 0 and at most 900.");
  }
  return seconds;
}

/** The URL of a service, without credentials in it. */
export function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if ((url?.protocol !== "http:" && url?.protocol !== "https:") || url.username !== "" || url.password !== "") {
    throw new InvalidArgumentError("It must be a URL like https://signer.example.com or http://127.0.0.1:8080.");
  }
  return text;
}

/** The name of an AWS region. */
export function parseRegion(text: string): string {
  if (!isRegionName(text)) throw new InvalidArgumentError("It must be the name of an AWS region, such as eu-west-1.");
  return text;
}

/** An AWS account. */
export function parseAccount(text: string): string {
  if (!isAccountId(text)) throw new InvalidArgumentError("It must be an AWS account: 12 digits.");
  return text;
}
