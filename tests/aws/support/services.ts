import type { ECSClient } from "@aws-sdk/client-ecs";

/**
 * Answers, on this client only, what moto 5.2.5 lacks: there is one deployment in progress, of the given task definition,
 * and it can be rolled back. Every other call goes to moto. (aws-sdk-client-mock would keep all calls from moto.)
 *
 * @returns the calls that were answered here, in their order.
 */
export function answerForServices(ecs: ECSClient, taskDefinition: string): readonly string[] {
  const calls: string[] = [];
  const serviceDeploymentArn = "arn:aws:ecs:eu-west-1:111122223333:service-deployment/t/checkout/1";
  const targetServiceRevisionArn = "arn:aws:ecs:eu-west-1:111122223333:service-revision/t/checkout/1";
  const answers: Readonly<Record<string, object>> = {
    ListServiceDeploymentsCommand: { serviceDeployments: [{ serviceDeploymentArn, targetServiceRevisionArn }] },
    DescribeServiceRevisionsCommand: {
      serviceRevisions: [{ serviceRevisionArn: targetServiceRevisionArn, taskDefinition }],
    },
    StopServiceDeploymentCommand: { serviceDeploymentArn },
  };
  ecs.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (call) => {
        const output = answers[commandName];
        if (output === undefined) return next(call);
        calls.push(commandName.replace(/Command$/, ""));
        return { response: {}, output: { $metadata: {}, ...output } };
      },
    { step: "initialize" },
  );
  return calls;
}
