import assert from "node:assert/strict";
import { chatText } from "../../../../verifier/src/reporting/chat-text";
import { DONE, RESPONSE_OUTCOMES } from "../../../../verifier/src/reporting/response-outcome";
import { REASON_CODES } from "../../../../verifier/src/verification/verdict";
import { testDetector, unsigned } from "../../../support/detector";
import { launchOf, recordWith } from "../../../support/launch";
import { runningEvent, TASK } from "../../../support/launch-events";

const LOG = "/aws/lambda/verifier";

describe("the text for chats", () => {
  it("says where: service or else family, cluster, region and account", () => {
    assert.equal(
      chatText(recordWith({}, { launch: launchOf({ group: "service:checkout" }) }), LOG).where,
      "container web, service checkout, cluster orders, eu-west-1, account 111122223333",
    );
    assert.match(chatText(recordWith({}, { launch: launchOf({ group: undefined }) }), LOG).where, /, family \w+, /);
  });

  it("says the number of a group's message after the first", () => {
    const title = (count: number) => chatText({ ...recordWith(), count }, LOG).title;

    assert.equal(title(1), "denied (no-signature): container web in prod");
    assert.equal(title(10), "denied (no-signature): container web in prod, number 10");
  });

  it("says why a response failed", () => {
    const { done } = chatText(recordWith({}, { response: "failed", responseError: "no ecs:StopTask" }), LOG);

    assert.equal(done, `${DONE.failed} no ecs:StopTask`);
  });

  it("links to the log's lines of the task, with nothing in the address that needs escaping", () => {
    const record = recordWith();
    const { log } = chatText(record, LOG);

    const read = decodeURIComponent(log).replace(/\*([0-9a-f]{2})/g, (_, code) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
    assert.match(log, /^https:\/\/eu-west-1\.console\.aws\.amazon\.com\/[A-Za-z0-9_.*~'()?=#:/-]+$/);
    assert.ok(read.includes(`verdict.task = "${record.task}"`));
    assert.ok(read.includes(`source~(~'${LOG})`));
    assert.ok(log.length < 2000);
  });

  it("names what is not there, and cuts what is long, in whole characters", () => {
    const { reference: _, ...bare } = { reference: "" };
    const empty = chatText(recordWith({ ...bare, reference: "", detail: " \n", digest: undefined as never }), LOG);
    const long = chatText(recordWith({ detail: "\u{1f600}".repeat(2000) }, { container: "c".repeat(255) }), LOG);

    assert.deepEqual([empty.image, empty.why], ["not reported", "none"]);
    assert.ok(long.why.length <= 1000 && /^\u{1f600}+\.\.\.$/u.test(long.why));
    assert.ok(long.title.length <= 150);
  });

  it("has a title within Slack's header for every code and the longest names", () => {
    for (const code of REASON_CODES) {
      const settings = { environment: "e".repeat(64), mode: "enforce" } as const;
      const record = { ...recordWith({ code }, { container: "c".repeat(255), settings }), count: 1_000_000 };

      assert.match(chatText(record, LOG).title, /^.{1,150}$/);
      assert.match(chatText(record, LOG).title, /, number 1000000$/);
    }
  });

  it("has something to say of every response and code", () => {
    for (const response of RESPONSE_OUTCOMES) assert.match(chatText(recordWith({}, { response }), LOG).done, /\S/);
    for (const code of REASON_CODES) assert.match(chatText(recordWith({ code }), LOG).next, /\S/);
  });

  it("is in the events that people are told of, and in no others", async () => {
    const trusted = testDetector();
    const denied = testDetector();
    denied.finds(() => unsigned());

    await trusted.handle(runningEvent());
    for (const number of [1, 2]) await denied.handle(runningEvent({ taskArn: `${TASK.slice(0, -1)}${number}` }));

    assert.deepEqual(
      [...trusted.seen.events, ...denied.seen.events].map(({ status, count, chat }) => [status, count, chat?.title]),
      [
        ["trusted", undefined, undefined],
        ["denied", 1, "denied (no-signature): container web in prod"],
        ["denied", undefined, undefined],
      ],
    );
  });
});
