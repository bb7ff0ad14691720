import { endOpenings } from "../../automation/operations/orders/end-openings";
import { listOpenings } from "../../automation/operations/orders/list-openings";
import type { ServiceReference } from "../../verifier/src/gate/attachment/service-reference";
import { EVERY_SERVICE } from "../../verifier/src/orders/opening";
import { deployedEnvironment } from "../environments/deployed";
import type { DeployedOptions } from "../environments/deployed-options";
import { askAws } from "../lib/aws-errors";
import { EXIT } from "../lib/exit-code";
import { unreadableText } from "../orders/order-text";
import { openingPlace } from "./deployed-openings";
import { openingService } from "./opening-service";
import { listedOpeningText, openingJson, openingText } from "./opening-text";

/** The options of `gate open list`. */
export interface ListOpeningsOptions extends DeployedOptions {
  readonly json?: true;
}

/** The options of `gate open end`. */
export interface EndOpeningsOptions extends ListOpeningsOptions {
  readonly all?: true;
}

/** Prints the openings of the gate, the oldest first. */
export async function printOpenings(options: ListOpeningsOptions): Promise<void> {
  const place = openingPlace(await deployedEnvironment(options));
  const question = {
    asking: "Reading the openings of the table",
    of: place.table,
    action: "dynamodb:Scan on it, and kms:Decrypt on the key of the orders",
  };
  const { openings, unreadable } = await askAws(question, () => listOpenings(place, Date.now()));
  for (const one of openings) {
    const text = options.json ? openingJson(one.opening, one.state) : listedOpeningText(one);
    process.stdout.write(`${text}\n`);
  }
  if (openings.length === 0) process.stderr.write(`No openings of the gate in ${place.environment}.\n`);
  if (unreadable > 0) process.stderr.write(`${unreadableText(unreadable)}\n`);
}

/** Ends the openings for a service, or those for all services, and prints them. */
export async function endGiven(services: readonly ServiceReference[] = [], options: EndOpeningsOptions): Promise<void> {
  const outputs = await deployedEnvironment(options);
  const place = openingPlace(outputs);
  const service = openingService({ services, all: options.all === true }, outputs);
  const question = {
    asking: "Ending the openings of the table",
    of: place.table,
    action: "dynamodb:Query and dynamodb:DeleteItem on it",
  };
  const ended = await askAws(question, () => endOpenings(place, service, Date.now()));
  for (const opening of ended) {
    process.stdout.write(`${options.json ? openingJson(opening) : openingText(opening)}\n`);
  }
  if (ended.length === 0) {
    process.stderr.write(`There is no opening ${forWhom(service)} in ${place.environment}.${hint(service)}\n`);
    process.exitCode = EXIT.denied;
    return;
  }
  process.stderr.write(`Ended in ${place.environment}, from the next call of the gate on.\n`);
}

function forWhom(service: string): string {
  return service === EVERY_SERVICE ? "for every service" : `for ${service}`;
}

function hint(service: string): string {
  return service === EVERY_SERVICE
    ? " Those for single services are ended by naming them."
    : " One for every service is ended with --all.";
}
