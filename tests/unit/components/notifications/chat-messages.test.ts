import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type InputTransformer,
  pagerDutyEvent,
  slackMessage,
} from "../../../../components/notifications/chat-messages";
import { chatText } from "../../../../verifier/src/reporting/chat-text";
import { recordedArn, type VerdictRecord } from "../../../../verifier/src/reporting/record-schema";
import { anyCharacter } from "../../../support/any-character";
import { deploymentRecord } from "../../../support/deployment-records";
import { launchOf, recordWith } from "../../../support/launch";

/** A record that people are told of, as production makes it. */
function told(record: VerdictRecord): VerdictRecord {
  return { ...record, count: 1, chat: chatText(record, "/aws/lambda/verifier") };
}

/**
 * What EventBridge makes of an event (user guide, "Input transformation"): a text that stands alone gets quotes, one within
 * a text gets none, and nothing is escaped. A variable without a value does not appear.
 */
function transform({ inputPaths, inputTemplate }: InputTransformer, detail: VerdictRecord): string {
  const event = { resources: [recordedArn(detail)], detail };
  const find = (name: string) => {
    const steps = (inputPaths[name] ?? "").split(/[.[\]]+/).filter((step) => step !== "" && step !== "$");
    return steps.reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], event);
  };
  return inputTemplate.replace(/([:[,])?<(\w+)>/g, (_, before: string | undefined, name: string) => {
    const value = find(name);
    if (value === undefined) return before ?? "";
    return before === undefined ? `${value}` : `${before}"${value}"`;
  });
}

const hostile = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 1200 }),
  fc.string({
    unit: fc.constantFrom('"', "\\", "\n", "\u2028", "<", ">", "&", "}", ",", "a", "\ud800"),
    maxLength: 80,
  }),
  fc.constantFrom("", " ", "\u0000", '"},"text":"all is well', "<!channel>", "<https://evil.example|log>", "\u202e"),
);

/** Records with text that others chose wherever there can be any. */
const hostileRecords = fc
  .record({ detail: hostile, image: hostile, container: hostile, group: hostile, error: hostile, environment: hostile })
  .map(({ detail, image, container, group, error, environment }) =>
    told(
      recordWith(
        { detail, reference: image },
        {
          container,
          launch: { ...launchOf(), group: `service:${group}` },
          response: "failed",
          responseError: error,
          settings: { environment, mode: "enforce" },
        },
      ),
    ),
  );

/** Every text of a message. */
function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

/** The same with `text` in place of each text: what is left is the shape. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shapeOf(one)]));
}

describe("messages for chats", () => {
  const record = told(recordWith({}, { launch: launchOf({ group: "service:checkout" }) }));

  it("tells Slack what, why, where, what was done, what is next, and where to look", () => {
    const message = JSON.parse(transform(slackMessage(), record));

    assert.equal(message.text, "denied (no-signature): container web in prod");
    assert.deepEqual(message.blocks[0], {
      type: "header",
      text: { type: "plain_text", text: message.text, emoji: false },
    });
    const rows = message.blocks.flatMap(({ fields }: { fields?: { text: string }[] }) =>
      fields === undefined ? [] : [fields.map(({ text }) => text)],
    );
    assert.deepEqual(rows, [
      ["Image", record.image],
      ["Why", "the registry lists no signature"],
      ["Where", "container web, service checkout, cluster orders, eu-west-1, account 111122223333"],
      ["Done", "The task was stopped."],
      ["Next", "Sign the image by its digest, then deploy again."],
      ["Runbook", "docs/runbook.md#no-signature"],
      ["About", record.task],
    ]);
    assert.deepEqual(message.blocks.at(-1).elements[0].elements, [
      { type: "link", url: record.chat?.log, text: "The verdict in the log" },
    ]);
  });

  it("tells of a deployment as of a task", () => {
    const deployment = told(deploymentRecord());

    const slack = JSON.parse(transform(slackMessage(), deployment));
    const pagerDuty = JSON.parse(transform(pagerDutyEvent("critical"), deployment));

    const about = slack.blocks.find(({ fields }: { fields?: { text: string }[] }) => fields?.[0]?.text === "About");
    assert.equal(about.fields[1].text, deployment.deployment);
    assert.equal(pagerDuty.dedup_key, deployment.deployment);
  });

  it("triggers one incident of PagerDuty for a task", () => {
    const event = JSON.parse(transform(pagerDutyEvent("warning"), record));

    assert.deepEqual(event, {
      event_action: "trigger",
      dedup_key: record.task,
      client: "ecs-image-verification",
      payload: {
        summary: "denied (no-signature): container web in prod",
        source: record.task,
        severity: "warning",
        timestamp: record.judgedAt,
        class: "no-signature",
        custom_details: {
          image: record.image,
          why: "the registry lists no signature",
          where: "container web, service checkout, cluster orders, eu-west-1, account 111122223333",
          done: "The task was stopped.",
          next: "Sign the image by its digest, then deploy again.",
          runbook: "docs/runbook.md#no-signature",
        },
      },
      links: [{ href: record.chat?.log, text: "The verdict in the log" }],
    });
  });

  it("links to the environment's own runbook, if it has one", () => {
    const page = "https://wiki.example.com/runbook";
    const link = { url: `${page}#no-signature`, text: "What to do: the runbook" };

    const slack = JSON.parse(transform(slackMessage(page), record));
    const pagerDuty = JSON.parse(transform(pagerDutyEvent("critical", page), record));

    assert.deepEqual(slack.blocks.at(-1).elements[1].elements, [{ type: "link", ...link }]);
    assert.deepEqual(pagerDuty.links[1], { href: link.url, text: link.text });
    assert.equal(pagerDuty.payload.custom_details.runbook, link.url);
  });

  for (const [name, transformer] of [
    ["Slack", slackMessage()],
    ["PagerDuty", pagerDutyEvent("critical")],
    ["Slack with a runbook", slackMessage("https://wiki.example.com/runbook")],
    ["PagerDuty with a runbook", pagerDutyEvent("critical", "https://wiki.example.com/runbook")],
  ] as const) {
    it(`keeps its form for ${name}, whatever others have put into the record, and never has an empty text`, () => {
      const expected = shapeOf(JSON.parse(transform(transformer, record)));

      fc.assert(
        fc.property(hostileRecords, (one) => {
          const message = JSON.parse(transform(transformer, one));
          assert.deepEqual(shapeOf(message), expected);
          for (const text of textsOf(message)) {
            assert.match(text, /\S/);
            assert.ok(text.length <= 2000);
            assert.doesNotMatch(text, /["\\<>&\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
          }
        }),
      );
    });

    it(`uses for ${name} only variables that are defined, and stays within EventBridge's limits`, () => {
      const { inputPaths, inputTemplate } = transformer;
      const used = [...inputTemplate.matchAll(/<(\w+)>/g)].map(([, variable]) => variable);

      assert.deepEqual([...new Set(used)].sort(), Object.keys(inputPaths).sort());
      assert.ok(inputTemplate.length < 8192);
    });
  }
});
