import type { ReportViolation, ResourceValidationArgs } from "@pulumi/policy";
import type { ContainerPlace } from "./reading/container-places";
import { type Container, containerAt, containerSources } from "./reading/containers";
import { checkEach } from "./reading/preview-values";
import { JsonUnreadableError } from "./reading/provider-json";

/** Reports the objections of `decide` to each container of a resource. */
export async function checkContainers(
  { type, props }: Pick<ResourceValidationArgs, "type" | "props">,
  report: ReportViolation,
  decide: (container: Container) => string | undefined,
): Promise<void> {
  await readContainers({ type, props }, report, (container) => {
    const violation = decide(container);
    if (violation !== undefined) report(violation);
  });
}

/** Visits each container whose values are known; an unreadable one is a violation. */
export async function readContainers(
  { type, props }: Pick<ResourceValidationArgs, "type" | "props">,
  report: ReportViolation,
  visit: (container: Container) => void,
): Promise<void> {
  const guarded = (action: () => void) => () => {
    try {
      action();
    } catch (error) {
      if (!(error instanceof JsonUnreadableError)) throw error;
      report(`The containers of this resource cannot be read: ${error.message}.`);
    }
  };
  const places: ContainerPlace[] = [];
  await checkEach([
    ...containerSources(type).map((source) => guarded(() => places.push(...source(props)))),
    () => checkEach(places.map((place) => guarded(() => visit(containerAt(place))))),
  ]);
}
