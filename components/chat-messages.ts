/** How EventBridge makes the body of a request of an event. */
export interface InputTransformer {
  /** Which part of the event each variable of the template is. */
  readonly inputPaths: Record<string, string>;
  /** JSON with variables in angle brackets. */
  readonly inputTemplate: string;
}

/**
 * A template with variables. EventBridge writes a variable that stands alone as JSON, quotes and escapes included (user
 * guide, "Input transformation"). Text that others choose stands alone, so that it cannot break out of its place. Inside
 * other text stand only words whose grammar has no quotes: statuses, codes, names of containers and environments.
 */
function transformer(fields: Readonly<Record<string, string>>, template: (name: (field: string) => string) => unknown) {
  const mark = (field: string) => `\u0000${field}\u0000`;
  // JSON.stringify quotes a mark that stands alone; the quotes go, and EventBridge puts its own.
  const inputTemplate = JSON.stringify(template(mark))
    .replace(/"\\u0000(\w+)\\u0000"/g, "<$1>")
    .replace(/\\u0000(\w+)\\u0000/g, "<$1>");
  const inputPaths = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, `$.detail.${field}`]));
  return { inputPaths, inputTemplate };
}

/** The fields of a verdict's record that people are shown, by the name they have in a template. */
const SHOWN = {
  status: "status",
  code: "code",
  container: "container",
  environment: "environment",
  image: "image",
  detail: "detail",
  cluster: "cluster",
  task: "task",
  response: "response",
};

/** A message for an incoming webhook of Slack, in plain-text blocks: nothing in them is a mention or a link. */
export function slackMessage(): InputTransformer {
  return transformer(SHOWN, (value) => {
    const title = `${value("status")} (${value("code")}): container ${value("container")} in ${value("environment")}`;
    const plain = (text: string) => ({ type: "plain_text", text });
    const row = (label: string, field: string) => ({ type: "section", fields: [plain(label), plain(value(field))] });
    return {
      text: title,
      blocks: [
        { type: "section", text: plain(title) },
        row("Image", "image"),
        { type: "section", text: plain(value("detail")) },
        row("Done", "response"),
        row("Cluster", "cluster"),
        row("Task", "task"),
      ],
    };
  });
}

/** How urgent PagerDuty takes a verdict to be (Events API v2). */
export type Severity = "critical" | "error" | "warning" | "info";

/**
 * An event for PagerDuty's Events API v2. The routing key is not in it: the connection adds it. One incident for a task,
 * however many containers of it are denied.
 */
export function pagerDutyEvent(severity: Severity): InputTransformer {
  return transformer({ ...SHOWN, judgedAt: "judgedAt" }, (value) => ({
    event_action: "trigger",
    dedup_key: value("task"),
    client: "ecs-image-verification",
    payload: {
      summary: `Image ${value("status")} (${value("code")}): container ${value("container")} in ${value("environment")}`,
      source: value("task"),
      severity,
      timestamp: value("judgedAt"),
      component: value("container"),
      group: value("environment"),
      class: value("code"),
      custom_details: {
        image: value("image"),
        detail: value("detail"),
        cluster: value("cluster"),
        response: value("response"),
      },
    },
  }));
}
