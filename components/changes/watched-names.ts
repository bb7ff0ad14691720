import type * as pulumi from "@pulumi/pulumi";

/** What of an environment nobody but its deployment should change, as CloudTrail names it in a call. */
export interface WatchedNames {
  readonly functions: readonly pulumi.Input<string>[];
  /** Ids of the event source mappings of these functions. */
  readonly mappings: readonly pulumi.Input<string>[];
  /** Names of EventBridge rules, and of schedules of EventBridge Scheduler. */
  readonly rules: readonly pulumi.Input<string>[];
  /** Names of IAM roles. */
  readonly roles: readonly pulumi.Input<string>[];
  /** ARNs of the managed policies of these roles. */
  readonly policies: readonly pulumi.Input<string>[];
  /** Names of SQS queues. */
  readonly queues: readonly pulumi.Input<string>[];
}

/** The names of several components together. */
export function allNames(parts: readonly Partial<WatchedNames>[]): WatchedNames {
  const of = (kind: keyof WatchedNames) => parts.flatMap((part) => part[kind] ?? []);
  return {
    functions: of("functions"),
    mappings: of("mappings"),
    rules: of("rules"),
    roles: of("roles"),
    policies: of("policies"),
    queues: of("queues"),
  };
}
