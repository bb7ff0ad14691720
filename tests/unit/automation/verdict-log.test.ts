import assert from "node:assert/strict";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { mockClient } from "aws-sdk-client-mock";
import { followVerdicts, readVerdicts } from "../../../automation/operations/verdict-log";
import { recordWith } from "../../support/launch";

const NOW = Date.parse("2026-06-15T12:00:00Z");
const MINUTE = 60_000;

function line(container: string, timestamp: number) {
  const message = JSON.stringify({ level: "INFO", message: "Image Verdict", verdict: recordWith({}, { container }) });
  return { eventId: container, timestamp, message };
}

describe("reading the verdicts of a log group", () => {
  const logs = mockClient(CloudWatchLogsClient);
  afterEach(() => logs.reset());
  after(() => logs.restore());
  const source = { client: new CloudWatchLogsClient({ region: "eu-west-1" }), logGroup: "log", since: new Date(NOW) };

  it("goes through all pages, empty ones too, and gives the verdicts in the order of their time", async () => {
    logs
      .on(FilterLogEventsCommand)
      .resolvesOnce({ events: [line("second", NOW + 2)], nextToken: "a" })
      .resolvesOnce({ events: [], nextToken: "b" })
      .resolvesOnce({ events: [line("first", NOW + 1), line("second", NOW + 2)] });

    const found: string[] = [];
    for await (const { container } of readVerdicts(source)) found.push(container);

    assert.deepEqual(found, ["first", "second"]);
    assert.deepEqual(
      logs.commandCalls(FilterLogEventsCommand).map(({ args: [{ input }] }) => input.nextToken),
      [undefined, "a", "b"],
    );
  });

  it("follows with an overlap: a late line is found, and none comes twice", async () => {
    const there = [line("old", NOW), line("new", NOW + 20 * MINUTE)];
    const late = line("late", NOW + 18 * MINUTE);
    logs
      .on(FilterLogEventsCommand)
      .resolvesOnce({ events: there })
      .resolvesOnce({ events: there.slice(1) })
      .resolvesOnce({ events: [late, ...there.slice(1)] });
    const stop = new AbortController();
    const looks: string[][] = [];

    const following = { pause: async () => {}, now: () => NOW + 20 * MINUTE, signal: stop.signal };
    for await (const records of followVerdicts(source, following)) {
      looks.push(records.map(({ container }) => container));
      if (looks.length === 3) stop.abort();
    }

    assert.deepEqual(looks, [["old", "new"], [], ["late"]]);
    assert.deepEqual(
      logs.commandCalls(FilterLogEventsCommand).map(({ args: [{ input }] }) => input.startTime),
      [NOW, NOW + 15 * MINUTE, NOW + 15 * MINUTE],
    );
  });
});
