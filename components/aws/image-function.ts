import type * as lambda from "@pulumi/aws/lambda";
import type * as pulumi from "@pulumi/pulumi";
import type { Architecture } from "../image/verifier-build";

/** A function that runs the verifier's image. */
export interface ImageFunction {
  /** The verifier's image, by digest. */
  imageUri: pulumi.Input<string>;
  /** The architecture that the image was built for. */
  architecture: Architecture;
  /** The handler in the image, such as `keeper.handler`. Default: that of the image. */
  handler?: string;
  roleArn: pulumi.Input<string>;
  memoryMiB: pulumi.Input<number>;
  timeoutSeconds: pulumi.Input<number>;
  variables: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
  logGroupName: pulumi.Input<string>;
}

/** The arguments that every function of the verifier's image has. */
export function imageFunctionArgs(run: ImageFunction) {
  return {
    packageType: "Image",
    imageUri: run.imageUri,
    ...(run.handler === undefined ? {} : { imageConfig: { commands: [run.handler] } }),
    architectures: [run.architecture],
    role: run.roleArn,
    memorySize: run.memoryMiB,
    timeout: run.timeoutSeconds,
    environment: { variables: run.variables },
    // The functions write JSON themselves, including metrics. Lambda's JSON log format would wrap it.
    loggingConfig: { logFormat: "Text", logGroup: run.logGroupName },
  } satisfies lambda.FunctionArgs;
}
