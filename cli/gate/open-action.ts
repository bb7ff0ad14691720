import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import type { Gate } from "../../automation/operations/gate/change-services";
import { draftOpening, proveOpening, writeOpening } from "../../automation/operations/orders/give-opening";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { parseServiceArn, type ServiceReference } from "../../verifier/src/gate/attachment/service-reference";
import { modeFor } from "../../verifier/src/gate/environment";
import { EVERY_SERVICE, type Opening, openingState } from "../../verifier/src/orders/opening";
import { deployedEnvironment } from "../environments/deployed";
import type { DeployedOptions } from "../environments/deployed-options";
import { askAws } from "../lib/aws-errors";
import { UsageError } from "../lib/errors";
import { deployedGate } from "./deployed-gate";
import { openingPlace } from "./deployed-openings";
import { findOpeningService, openingService } from "./opening-service";
import { openingJson, openingText } from "./opening-text";

/** The options of `gate open`. */
export interface OpenOptions extends DeployedOptions {
  readonly all?: true;
  /** In milliseconds. */
  readonly for: number;
  readonly reason: string;
  readonly owner?: string;
  readonly json?: true;
}

/** Opens the gate for a service or for all, from now on, and prints the opening. */
export async function openGate(services: readonly ServiceReference[] = [], options: OpenOptions): Promise<void> {
  const outputs = await deployedEnvironment(options);
  const { modes } = deployedGate(outputs);
  const place = openingPlace(outputs);
  const meant = openingService({ services, all: options.all === true }, outputs);
  const draft = { service: meant, reason: options.reason, forMs: options.for, owner: options.owner };
  checkTime(draftOpening(withoutUndefined(draft), new Date()), outputs);

  const { service, note } = await findOpeningService(meant, services[0], outputs);
  const opening = draftOpening(withoutUndefined({ ...draft, service }), new Date());
  const { environment, keyArn, table } = place;
  const proof = await askAws(
    {
      asking: "Proving the opening with the key",
      of: keyArn,
      action: `kms:Encrypt on it for environment ${environment} and kind open (gate.open.principals names who has it)`,
    },
    () => proveOpening(place, opening),
  );
  await askAws({ asking: "Writing the opening to the table", of: table, action: "dynamodb:PutItem on it" }, () =>
    writeOpening(place, opening, proof),
  );
  process.stdout.write(`${options.json ? openingJson(opening) : openingText(opening)}\n`);
  if (note !== undefined) process.stderr.write(`${note}\n`);
  if (options.json) return;
  const isAudit = auditsAll(service, modes);
  process.stderr.write(`${isAudit ? AUDITS : whatFollows(opening, environment)}\n`);
  if (outputs.mode === "enforce") process.stderr.write(`${tasksStopped(outputs)}\n`);
}

/** Whether the gate refuses nothing that an opening is for. */
function auditsAll(service: string, modes: Gate["modes"]): boolean {
  if (service === EVERY_SERVICE) return modes.mode === "audit" && modes.enforced.length === 0;
  return modeFor(modes, { serviceArn: service, clusterArn: parseServiceArn(service)?.cluster ?? "" }) === "audit";
}

/** The detector knows no openings: it stops what is denied when its task starts. */
function tasksStopped({ environment, exemptionHours = 0 }: EnvironmentOutputs): string {
  const exempt =
    exemptionHours === 0
      ? "An exemption for hours is not allowed here (breakGlass: false): sign the image, exempt it in the trust document, or deploy mode audit."
      : "Exempt the image as well: ecs-image-verification exempt IMAGE@sha256:DIGEST --for 2h --owner TEAM --reason WHY.";
  return `But ${environment} is in mode enforce: the launch detector stops the tasks of a denied image when they start. ${exempt}`;
}

const AUDITS = "The gate audits here and refuses nothing, so the opening changes nothing until it enforces.";

function whatFollows({ service, until }: Opening, environment: string): string {
  const where =
    service === EVERY_SERVICE ? `for every service of ${environment}` : `for this service of ${environment}`;
  return `The gate is open ${where} until ${until}. It still refuses a blocked image. Each deployment that it lets through for this reason is recorded, and the recipients of alarms are told.`;
}

function checkTime(opening: Opening, { environment, gateOpenHours = 0 }: EnvironmentOutputs): void {
  const state = openingState(opening, Date.parse(opening.from), gateOpenHours);
  if (state === "off") {
    throw new UsageError(
      `The environment ${environment} does not allow its gate to be opened. Sign the image, or set gate.open: { maxHours: 8 } in its stack file, deploy it, and call this again.`,
    );
  }
  if (state === "too-long") {
    throw new UsageError(
      `--for is longer than the ${gateOpenHours} hours that the environment ${environment} allows (gate.open.maxHours).`,
    );
  }
}
