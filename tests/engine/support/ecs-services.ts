import { AwsRefusal } from "../../../local/aws-answers";
import { startBeforeMoto } from "./before-moto";
import type { HookPlay } from "./played-deployment";
import { type ServiceDeployments, serviceDeployments } from "./service-deployments";

/** ECS before moto, which deploys services and asks their hooks. */
export interface EcsServices extends Pick<ServiceDeployments, "using" | "list"> {
  /** URL for `AWS_ENDPOINT_URL_ECS`. */
  readonly url: string;
  /** How it treats the hooks of deployments that begin from now on. Without it, a hook cannot be invoked. */
  treatHooks(play: HookPlay): void;
  close(): Promise<void>;
}

/**
 * moto 5.2.5 knows neither lifecycle hooks nor service deployments. Here calls about services that were created here are answered
 * by {@link serviceDeployments}; all others, such as those about tasks and task definitions, are moto's.
 *
 * @param moto `127.0.0.1:PORT`
 */
export async function startEcsServices(moto: string): Promise<EcsServices> {
  let play: HookPlay = { invoke: () => Promise.reject(new Error("nothing plays its target")) };
  const services = serviceDeployments(() => play);
  const { address, close } = await startBeforeMoto(moto, (call) => {
    const operation = call.headers["x-amz-target"]?.split(".")[1] ?? "";
    const type = "application/x-amz-json-1.1";
    try {
      const answer = services.answer(operation, JSON.parse(call.body || "{}"));
      return answer === undefined ? call : { status: 200, type, body: JSON.stringify(answer) };
    } catch (error) {
      if (!(error instanceof AwsRefusal)) throw error;
      return { status: 400, type, body: JSON.stringify({ __type: error.type, message: error.message }) };
    }
  });
  return {
    url: `http://${address}`,
    using: services.using,
    list: services.list,
    treatHooks(given) {
      play = given;
    },
    close,
  };
}
