import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { alarmRules } from "../../../components/alarm-rules";
import { canaryAlarmRules } from "../../../components/canary/canary-alarm-rules";
import { gateAlarmRules } from "../../../components/gate/gate-alarm-rules";
import { sweepAlarmRules } from "../../../components/sweep/sweep-alarm-rules";
import { EVENT_DETAIL_TYPE, EVENT_SOURCE, METRIC_NAMESPACE } from "../../../verifier/src/reporting/public-names";

const docs = join(__dirname, "../../../docs");
const text = readFileSync(join(docs, "events.md"), "utf8");
const [pattern, example] = [...text.matchAll(/^```json\n(.*?)^```/gms)].map(([, json = ""]) => JSON.parse(json));

describe("docs/events.md", () => {
  it("has an example that the schema describes", () => {
    const ajv = new Ajv2020({ strict: true, strictRequired: false });
    addFormats(ajv);
    const validate = ajv.compile(JSON.parse(readFileSync(join(docs, "image-verdict.schema.json"), "utf8")));

    validate(example.detail);

    assert.deepEqual(validate.errors ?? [], []);
  });

  it("has a pattern that matches the example, which is as the detector puts it", () => {
    for (const event of [example, { source: pattern.source[0], "detail-type": pattern["detail-type"][0] }]) {
      assert.deepEqual([event.source, event["detail-type"]], [EVENT_SOURCE, EVENT_DETAIL_TYPE]);
    }
    assert.ok(pattern.detail.status.includes(example.detail.status));
  });

  it("names the metrics there are", () => {
    const source = ["reporting", "gate", "gate/keeper", "sweep", "canary"]
      .map((folder) => readFileSync(join(__dirname, `../../../verifier/src/${folder}/metrics.ts`), "utf8"))
      .join("\n");
    const inCode = [...source.matchAll(/"((?:[A-Z][a-z]+)+)"/g)].map(([, name]) => name);
    const inDocs = [...text.matchAll(/^\| `([A-Za-z]+)` \| (?:Count|Milliseconds|Percent) \|/gm)].map(
      ([, name]) => name,
    );

    assert.deepEqual(inDocs.sort(), [...new Set(inCode)].filter((name) => name !== METRIC_NAMESPACE).sort());
  });

  it("promises the alarms there are, and each that there is", () => {
    const promised = [...text.matchAll(/^\| `([A-Za-z]+)` \|.*\balarm(?: when they are missing)? \|$/gm)].map(
      ([, name]) => name,
    );
    const rules = [
      ...alarmRules({ environment: "prod", functionName: "verifier", queues: {}, findings: true }),
      ...gateAlarmRules({ environment: "prod", functionName: "gate", keeperFunctionName: "keeper" }),
      ...sweepAlarmRules({
        environment: "prod",
        everyHours: 6,
        functionName: "sweep",
        workerFunctionName: "worker",
        deadLetterQueueName: "dead-letters",
      }),
      ...canaryAlarmRules({ environment: "prod", everyHours: 6 }),
    ];
    const there = rules.filter(({ namespace }) => namespace === METRIC_NAMESPACE);

    assert.deepEqual(promised.sort(), there.map(({ metricName }) => metricName).sort());
    assert.ok(promised.length > 3);
  });
});
