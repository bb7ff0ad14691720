import assert from "node:assert/strict";
import { Logger } from "@aws-lambda-powertools/logger";
import { NOT_TRUSTED_QUERY, SAVED_QUERIES } from "../../../../components/dashboard/saved-queries";
import { createLog, watchDependencies } from "../../../../verifier/src/reporting/start-verifier";
import type { OrderEvidence } from "../../../../verifier/src/verification/verdict";
import { deploymentRecord } from "../../../support/deployment-records";
import { recordWith } from "../../../support/launch";
import { DIGEST } from "../../../support/launch-events";
import { writtenLines } from "../../../support/written-lines";

const ORDER: OrderEvidence = {
  id: "o1",
  kind: "open",
  from: "2026-06-15T12:00:00Z",
  until: "2026-06-15T14:00:00Z",
  owner: "payments",
  reason: "a test",
};

/** The lines that the functions really write, of each kind that a query asks for. */
function logLines() {
  return writtenLines(() => {
    const logger = new Logger({ serviceName: "ecs-image-verification", persistentKeys: { environment: "prod" } });
    const log = createLog(logger);
    const signature = { digest: DIGEST, profileVersion: "arn:aws:signer:eu-west-1:1:/signing-profiles/a/b" };
    log.verdict(recordWith({ signature }));
    log.verdict({ ...deploymentRecord({ order: ORDER }, { outcome: "opened" }), owner: "payments" });
    log.order({
      event: "first-use",
      use: {
        order: ORDER,
        without: { status: "denied", code: "no-signature", detail: "none" },
        environment: "prod",
        account: "111122223333",
        region: "eu-west-1",
        cluster: "c",
        task: "t",
        container: "web",
        image: "i",
        digest: DIGEST,
      },
    });
    log.failure("It failed", new Error("why"));
    const count = () => {};
    watchDependencies(logger, {
      ledgerUnavailable: count,
      orderRefused: count,
      ordersUnavailable: count,
    }).onLedgerUnavailable("why");
  });
}

/** The paths of all fields in a line, as Logs Insights names them. */
function pathsIn(value: unknown, path = ""): readonly string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [path];
  return Object.entries(value).flatMap(([key, one]) => pathsIn(one, path === "" ? key : `${path}.${key}`));
}

/** The fields that a query names: all words outside of texts that are no word of the language and no name that it gives. */
function fieldsIn(query: string): readonly string[] {
  const given = [...query.matchAll(/ as (\w+)/g)].map(([, name]) => name);
  const words = query.replaceAll(/"[^"]*"|\/[^/]*\//g, "").match(/@?[A-Za-z][\w.]*(?!\w*\()/g) ?? [];
  return words.filter((word) => !LANGUAGE.has(word) && !given.includes(word));
}

const LANGUAGE = new Set([
  ...["fields", "filter", "stats", "sort", "limit", "desc", "and", "or", "in", "like", "as", "by"],
  ...["count", "count_distinct", "latest", "ispresent"],
]);
/** What Logs Insights adds to every line. */
const ADDED = ["@timestamp", "@message"];

describe("the saved queries", () => {
  const lines = logLines();
  const known = new Set([...lines.flatMap((line) => pathsIn(line)), ...ADDED]);

  for (const { id, query } of [...SAVED_QUERIES, { id: "of the dashboard", query: NOT_TRUSTED_QUERY }]) {
    it(`ask only for fields that the functions write: ${id}`, () => {
      const fields = fieldsIn(query);

      assert.ok(fields.length >= 3);
      assert.deepEqual(
        fields.filter((field) => !known.has(field)),
        [],
      );
    });
  }

  it("find the kinds of lines by the messages that the functions write", () => {
    const messages = new Set(lines.map(({ message }) => message));

    const asked = SAVED_QUERIES.flatMap(({ query }) =>
      [...query.matchAll(/message = "([^"]+)"/g)].map(([, text]) => text),
    );
    assert.deepEqual(
      asked.filter((text) => !messages.has(text)),
      [],
    );
    assert.ok(asked.length >= 8);
  });

  it("have names that the AWS provider takes, each once", () => {
    for (const { title } of SAVED_QUERIES) assert.match(title, /^[^:*/]+$/);
    assert.equal(new Set(SAVED_QUERIES.map(({ id }) => id)).size, SAVED_QUERIES.length);
    assert.equal(new Set(SAVED_QUERIES.map(({ title }) => title)).size, SAVED_QUERIES.length);
  });

  it("have the age of a task's verdict as a number, which the queries sort by", () => {
    const verdict = lines.find(({ sinceCreationMs }) => sinceCreationMs !== undefined);
    const { taskCreatedAt = "", judgedAt } = recordWith();

    assert.equal(verdict?.sinceCreationMs, Date.parse(judgedAt) - Date.parse(taskCreatedAt));
  });
});
