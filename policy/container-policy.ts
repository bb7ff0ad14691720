import type { ReportViolation, ResourceValidationArgs } from "@pulumi/policy";
import { type Container, ContainersUnreadableError, containerReaders } from "./containers";
import { checkEach } from "./unknown";

/** Reports what `decide` has against each container of a task definition. */
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

/** Visits each container whose values are known; one that cannot be read is a violation. */
export async function readContainers(
  { type, props }: Pick<ResourceValidationArgs, "type" | "props">,
  report: ReportViolation,
  visit: (container: Container) => void,
): Promise<void> {
  const guarded = (action: () => void) => () => {
    try {
      action();
    } catch (error) {
      if (!(error instanceof ContainersUnreadableError)) throw error;
      report(`The containers of this task definition cannot be read: ${error.message}.`);
    }
  };
  const readers: (() => Container)[] = [];
  guarded(() => readers.push(...containerReaders(type, props)))();
  await checkEach(readers.map((read) => guarded(() => visit(read()))));
}
