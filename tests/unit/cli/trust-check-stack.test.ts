import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { checkTrustFile } from "../../../cli/trust/check-file";
import type { TrustCheck } from "../../../cli/trust/findings";
import { parseStackFile } from "../../../cli/trust/stack-file";
import { stackFileConfig } from "../configuration/stack-files";
import { account, now, ownRegistry, region, statement } from "../trust/documents";

const secret = { secure: "v1:abc:def" };

describe("trust check of a stack's file", () => {
  for (const stack of ["dev", "prod"]) {
    it(`finds nothing in Pulumi.${stack}.yaml`, () => {
      const text = readFileSync(join(__dirname, `../../../Pulumi.${stack}.yaml`), "utf8");

      const { problems, warnings } = check(parse(text));

      assert.deepEqual([problems, warnings], [[], []]);
    });
  }

  it("checks the whole configuration, trust included", () => {
    const { problems } = check(
      stack({ mode: "audi", trust: { registries: ["self"], statements: [] }, logs: { days: 1 } }),
    );

    assert.deepEqual(
      problems.map(({ path }) => path),
      ["ecs-image-verification:mode", "ecs-image-verification:logs.days", "ecs-image-verification:trust.statements"],
    );
  });

  it("takes the account from the services and clusters under the gate, as from the clusters", () => {
    const arn = (kind: string, number: string = account) => `arn:aws:ecs:${region}:${number}:${kind}`;
    const gate = { services: [arn("service/shop/web")], enforce: { clusters: [arn("cluster/shop")] } };

    const right = check(stack({ gate: { attach: "listed", ...gate } }));
    const wrong = check(
      stack({ gate: { ...gate, services: [...gate.services, arn("service/shop/api", "999988887777")] } }),
    );

    assert.deepEqual(right.problems, []);
    assert.deepEqual(
      wrong.problems.map(({ path }) => path),
      ["ecs-image-verification:gate.services[1]"],
    );
  });

  it("takes encrypted values for what they should be, and says so", () => {
    const { problems, notChecked } = check(
      stack({
        mode: secret,
        slackWebhookUrl: secret,
        pagerDutyRoutingKey: secret,
        notifications: { slack: {}, pagerDuty: {}, https: [{ url: secret }, { url: secret }] },
      }),
      account,
    );

    assert.deepEqual(problems, []);
    assert.deepEqual(notChecked, [
      "what is encrypted: ecs-image-verification:mode, ecs-image-verification:slackWebhookUrl, " +
        "ecs-image-verification:pagerDutyRoutingKey, ecs-image-verification:notifications.https[0].url, " +
        "ecs-image-verification:notifications.https[1].url",
    ]);
  });

  it("finds a secret that is not encrypted, and does not show it", () => {
    const { problems } = check(stack({ slackWebhookUrl: "https://hooks.slack.com/services/verysecret" }));

    assert.match(problems[0]?.message ?? "", /^is not encrypted/);
    assert.doesNotMatch(JSON.stringify(problems), /verysecret/);
  });

  it("warns of a secret for a chat that is told nothing", () => {
    const { problems, warnings } = check(stack({ slackWebhookUrl: secret }), account);

    assert.deepEqual(problems, []);
    assert.match(
      warnings.map(({ path, message }) => `${path} ${message}`).join(),
      /^\S+:slackWebhookUrl is not used: /,
    );
  });

  it("takes the profiles of other stacks on trust, and says so", () => {
    const trust = { registries: ["self"], statements: [statement({ identities: ["stack:signing", "self"] })] };

    const { problems, notChecked } = check(stack({ trust }), account);

    assert.deepEqual(problems, []);
    assert.deepEqual(notChecked, ["the signing profile of stack:signing (pulumi up reads it)"]);
  });

  it("tells a trust document that is called like a stack's file", () => {
    const { problems } = check({ registries: ["self"], statements: [] });

    assert.deepEqual(
      problems.map(({ path }) => path),
      ["config"],
    );
    assert.match(
      problems[0]?.fix ?? "",
      /^This is a trust document\. Write it under config and ecs-image-verification:trust/,
    );
  });

  it("finds a stack that is not named as one", () => {
    const trust = { registries: ["self"], statements: [statement({ identities: ["stack:a b"] })] };

    assert.equal(check(stack({ trust })).problems[0]?.message, "does not name a stack");
  });

  it("has the account from the clusters, which must agree", () => {
    const clusters = [`arn:aws:ecs:${region}:${account}:cluster/web`, `arn:aws:ecs:${region}:999988887777:cluster/web`];

    const { problems, notChecked } = check(stack({ clusters }));

    assert.deepEqual(
      problems.map(({ path }) => path),
      ["ecs-image-verification:clusters[1]"],
    );
    assert.deepEqual(notChecked, []);
  });

  it("compares the role that deploys with the account where that is known, by whatever tells it", () => {
    const deploymentRole = `arn:aws:iam::${account}:role/deploy`;
    const file = stack({ changeAlarms: { deploymentRole } });
    const allowing = (...ids: readonly (string | number)[]) => ({
      config: { ...file.config, "aws:allowedAccountIds": ids },
    });

    assert.deepEqual(check(file).problems, []);
    assert.deepEqual(check(file, account).problems, []);
    assert.deepEqual(check(allowing(account)).problems, []);
    assert.deepEqual(check(allowing("999988887777", account)).problems, []);
    assert.match(String(check(file, "999988887777").problems[0]?.message), /is not a role of account 999988887777/);
    assert.match(String(check(allowing(999988887777)).problems[0]?.message), /is not a role of account 999988887777/);
  });

  it("finds clusters of another account than the given one", () => {
    const clusters = [`arn:aws:ecs:${region}:${account}:cluster/web`];

    assert.deepEqual(check(stack({ clusters }), account).problems, []);
    assert.equal(check(stack({ clusters }), "999988887777").problems.length, 1);
  });

  it("does not take a registry that may be `self` for one that is missing", () => {
    const trust = { registries: ["self"], statements: [statement({ repositories: [`${ownRegistry}/app`] })] };

    const { problems, notChecked } = check(stack({ trust }));

    assert.deepEqual(problems, []);
    assert.deepEqual(notChecked, ["what `self` becomes (give --account)"]);
  });

  it("needs the region as Pulumi does", () => {
    const { problems } = check({ config: { "ecs-image-verification:mode": "audit" } });

    assert.deepEqual(
      problems.map(({ path, message }) => `${path} ${message}`),
      ["ecs-image-verification:trust is required", "aws:region is required"],
    );
  });

  it("warns of the trust document's warnings, and of a namespace that is a near miss", () => {
    const trust = { registries: ["self", "quay.io"], statements: [statement({ repositories: ["self/app"] })] };

    const { warnings } = check({
      config: { ...stack({ trust }).config, "ecs-image-verfication:mode": "enforce", "docker:host": "x" },
    });

    assert.deepEqual(
      warnings.map(({ path }) => path),
      ['config["ecs-image-verfication:mode"]', "ecs-image-verification:trust.registries[1]"],
    );
  });

  it("says that Pulumi ESC may add values", () => {
    assert.deepEqual(check({ environment: ["aws/dev"], ...stack({}) }, account).notChecked, [
      "what the environments of Pulumi ESC add (`environment`)",
    ]);
  });

  it("finds one problem in a file without configuration", () => {
    for (const [config, message] of [
      [undefined, "is required"],
      [[], "must be a mapping"],
    ] as const) {
      assert.deepEqual(
        check({ config }).problems.map((problem) => `${problem.path} ${problem.message}`),
        [`config ${message}`],
      );
    }
  });
});

describe("a stack's file", () => {
  it("gives the values that Pulumi hands to the program", () => {
    for (const name of ["dev", "prod"]) {
      const text = readFileSync(join(__dirname, `../../../Pulumi.${name}.yaml`), "utf8");
      const config = Object.entries(stackFileConfig(name)).filter(([key]) => key.startsWith("ecs-image-verification:"));

      const { source } = parseStackFile(name, parse(text));

      assert.deepEqual(source.values, Object.fromEntries(config.map(([key, value]) => [key.split(":")[1], value])));
      assert.deepEqual([source.stack, source.region], [name, "eu-west-1"]);
    }
  });

  it("has keys with the project's namespace, without one, or with the word config", () => {
    const config = { mode: "audit", "ecs-image-verification:config:protect": true, "ecs-image-verification:x": null };

    assert.deepEqual(parseStackFile("dev", { config }).source.values, { mode: "audit", protect: "true", x: "" });
  });

  it("has dates without quotes as the Pulumi CLI hands them over", () => {
    const exemptions = [
      {
        image: `public.ecr.aws/a/b@sha256:${"a".repeat(64)}`,
        owner: "a",
        reason: "b",
        expires: "2999-07-31 00:00:00 +0000 UTC",
      },
    ];
    const trust = { registries: ["self"], statements: [statement()], exemptions };

    assert.deepEqual(check(stack({ trust })).problems, []);
  });
});

/** A stack's file that is in order, with some values replaced. */
function stack(values: Readonly<Record<string, unknown>>): { readonly config: Readonly<Record<string, unknown>> } {
  const trust = { registries: ["self"], statements: [statement()] };
  const own = Object.entries({ mode: "audit", trust, ...values });
  return {
    config: {
      "aws:region": region,
      ...Object.fromEntries(own.map(([key, value]) => [`ecs-image-verification:${key}`, value])),
    },
  };
}

function check(value: unknown, given?: string): TrustCheck {
  return checkTrustFile({ kind: "stack", file: "Pulumi.dev.yaml", stack: "dev", value }, { account: given, now });
}
