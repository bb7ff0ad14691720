import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ScanOptions } from "../../../../cli/scan/scan-options";
import { trustOfScan } from "../../../../cli/scan/scan-place";
import { scanPolicy } from "../../../../cli/scan/scan-policy";
import { ACCOUNT } from "./signed-images";

const CHECKOUT = join(__dirname, "../../../..");
const PROFILE = `arn:aws:signer:eu-west-1:${ACCOUNT}:/signing-profiles/release`;
const SECRET = `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:login-a1B2c3`;

describe("the rights that a scan needs", () => {
  let folder: string;
  let trust: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "scan-"));
    trust = join(folder, "trust.yaml");
    const statements = [{ name: "release", repositories: ["self/team/app"], identities: [PROFILE] }];
    const registries = ["self", { host: "ghcr.io", credentials: SECRET }];
    await writeFile(trust, JSON.stringify({ registries, statements }));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const actions = async (options: Partial<ScanOptions>) =>
    (await scanPolicy({ timeout: 30, ...options }, undefined)).Statement.flatMap(({ Action }) => Action);

  it("only read, and list clusters only where every cluster is scanned", async () => {
    const all = await actions({ allClusters: true });

    assert.deepEqual(all, [
      "ecs:ListClusters",
      "ecs:ListTasks",
      "ecs:DescribeTasks",
      "ecr:GetAuthorizationToken",
      "ecr:BatchGetImage",
      "ecr:GetDownloadUrlForLayer",
      "signer:GetRevocationStatus",
      "ecs:DescribeTaskDefinition",
    ]);
    assert.deepEqual(await actions({ cluster: ["shop"] }), all.slice(1));
  });

  it("are for the repositories and logins of the trust document, if there is one", async () => {
    const { Statement } = await scanPolicy(
      { timeout: 30, allClusters: true, trust, region: ["eu-west-1"], account: [ACCOUNT] },
      undefined,
    );

    const resourceOf = (sid: string) => Statement.find(({ Sid }) => Sid === sid)?.Resource;
    assert.deepEqual(resourceOf("ReadSignatures"), [`arn:aws:ecr:eu-west-1:${ACCOUNT}:repository/team/app`]);
    assert.deepEqual(resourceOf("ReadRegistryLogins"), [SECRET]);
  });

  it("cover every call that the listing and the command make themselves", async () => {
    const made = ["verifier/src/sweep", "cli/scan", "verifier/src/ecs"].flatMap((part) =>
      readdirSync(join(CHECKOUT, part)).flatMap((file) => {
        if (part === "verifier/src/sweep" && !isOfScan(file)) return [];
        const source = readFileSync(join(CHECKOUT, part, file), "utf8");
        const imports = [...source.matchAll(/^import \{([^}]*)\} from "@aws-sdk\/client-([a-z-]+)"/gm)];
        return imports.flatMap(([, imported = "", client]) =>
          [...imported.matchAll(/\b(?:(\w+)Command|paginate(\w+))\b/g)].map(
            ([, call, paged]) => `${client}:${call ?? paged}`,
          ),
        );
      }),
    );
    const allowed = await actions({ allClusters: true });

    assert.deepEqual(
      made.filter((call) => !allowed.includes(call)),
      [],
    );
    assert.equal(made.length, 4);
  });

  it("need to know what `self` is, which several regions leave open", async () => {
    const place = { outputs: undefined, account: ACCOUNT, regions: ["eu-west-1", "us-east-1"] };

    await assert.rejects(
      trustOfScan({ timeout: 30, trust }, place),
      /which is another registry in each of eu-west-1, us-/,
    );
    await assert.rejects(scanPolicy({ timeout: 30, trust, region: ["eu-west-1"] }, undefined), /--account/);
    const { trust: placed } = await trustOfScan({ timeout: 30, trust }, { ...place, regions: ["eu-west-1"] });
    assert.equal(placed.registries[0], `${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com`);
  });
});

/** The sweep has more than what the command shares with it. */
function isOfScan(file: string): boolean {
  const sources = readdirSync(join(CHECKOUT, "cli/scan")).map((name) =>
    readFileSync(join(CHECKOUT, "cli/scan", name), "utf8"),
  );
  return sources.some((source) => source.includes(`/verifier/src/sweep/${file.replace(/\.ts$/, "")}"`));
}
