import assert from "node:assert/strict";
import { gateVariables, listEnforced, variablesSize } from "../../../../components/gate/variables";

const FACTS = {
  mode: "audit",
  enforced: [],
  ledgerTable: "ledger",
  topicArn: "arn:topic",
  eventBusArn: "arn:bus",
  ordersTable: "orders",
  ordersKeyArn: "arn:key",
  onInconclusive: "alert",
  openHours: 0,
} as const;

describe("the variables of the gate's functions", () => {
  it("leave out lists that are empty", () => {
    const { GATE_ENFORCE, WATCHED_CLUSTERS, GATE_OPEN_HOURS } = gateVariables(FACTS);

    assert.deepEqual([GATE_ENFORCE, WATCHED_CLUSTERS, GATE_OPEN_HOURS], [undefined, undefined, "0"]);
  });

  it("name what is enforced, clusters first, separated by commas", () => {
    const enforced = listEnforced({ services: ["arn:service"], clusters: ["arn:one", "arn:two"] });

    assert.equal(gateVariables({ ...FACTS, enforced }).GATE_ENFORCE, "arn:one,arn:two,arn:service");
    assert.deepEqual(listEnforced(), []);
  });

  it("are measured as the JSON that Lambda measures", () => {
    assert.equal(variablesSize({ A: "b" }), '{"A":"b"}'.length);
  });
});
