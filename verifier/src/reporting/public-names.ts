/** Source and detail type of the event about a verdict, on which customers' rules match. */
export const EVENT_SOURCE = "ecs-image-verification";
export const EVENT_DETAIL_TYPE = "Image Verdict";

/** Namespace of all metrics in CloudWatch. */
export const METRIC_NAMESPACE = "EcsImageVerification";
