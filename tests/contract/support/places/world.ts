import assert from "node:assert/strict";
import * as fc from "fast-check";
import { expandTrustDocument, parseTrustDocument } from "../../../../trust";
import type { Notation } from "../../../../verifier/src/notation/serve";
import type { PlayedOrder } from "../../../support/order-answers";
import { block, exemption, HOUR_MS } from "../../../support/orders";
import { daysFromNow, type Scene, type SceneImage } from "../scene";
import type { JudgedTask } from "./place";

const IMAGES = ["nobody", "release", "approval", "both", "other", "old", "expired", "revoked"] as const;
const REPOSITORIES = ["team/app", "team/tool"] as const;
const STATEMENTS = ["release", "release and approval", "recent", "elsewhere", "none", "other registry"] as const;
const ORDERS = ["block", "unproven block", "exemption", "ended exemption"] as const;
const ENDS = { yesterday: -1, today: 0, "next week": 7 } as const;

/** The containers of every task. */
export const NAMES = ["web", "proxy"] as const;
type Name = (typeof NAMES)[number];

/** An image: who has signed it, and where it is. */
type ImageChoice = readonly [repository: (typeof REPOSITORIES)[number], image: (typeof IMAGES)[number]];

/** What is drawn: a task, whom the environment trusts, and its orders. */
export interface Choice {
  readonly web: ImageChoice;
  readonly proxy: ImageChoice;
  readonly statement: (typeof STATEMENTS)[number];
  /** Of the trust document, for the image of a container, or for all of its repository. */
  readonly exemption?: {
    readonly of: Name;
    readonly covers: "digest" | "repository";
    readonly ends: keyof typeof ENDS;
  };
  /** For the digests of containers. */
  readonly orders: readonly { readonly of: Name; readonly kind: (typeof ORDERS)[number] }[];
}

const image = fc.tuple(fc.constantFrom(...REPOSITORIES), fc.constantFrom(...IMAGES));
const name = fc.constantFrom(...NAMES);
const ends = fc.constantFrom(...(Object.keys(ENDS) as (keyof typeof ENDS)[]));

export const choices: fc.Arbitrary<Choice> = fc.record(
  {
    web: image,
    proxy: image,
    statement: fc.constantFrom(...STATEMENTS),
    exemption: fc.record({ of: name, covers: fc.constantFrom("digest", "repository"), ends }),
    orders: fc.array(fc.record({ of: name, kind: fc.constantFrom(...ORDERS) }), { maxLength: 2 }),
  },
  { requiredKeys: ["web", "proxy", "statement", "orders"] },
);

/** All images, signed and pushed, and a notation process for each trust policy. */
export interface World {
  /** The task that was drawn, at a time. */
  task(choice: Choice, now: Date): JudgedTask;
}

export async function prepareWorld(scene: Scene): Promise<World> {
  const approval = scene.stack.signer.putProfile("approval");
  const images = new Map<string, SceneImage>();
  for (const repository of REPOSITORIES) {
    const made: Record<(typeof IMAGES)[number], SceneImage> = {
      nobody: await scene.image(repository),
      release: await scene.image(repository),
      approval: await scene.image(repository),
      both: await scene.image(repository),
      other: await scene.image(repository),
      old: await scene.image(repository),
      expired: await scene.image(repository),
      revoked: await scene.image(repository),
    };
    await scene.sign(made.release);
    await scene.sign(made.approval, {}, approval);
    await scene.sign(made.both);
    await scene.sign(made.both, {}, approval);
    await scene.sign(made.other, {}, scene.foreign);
    await scene.sign(made.old, { signingTime: daysFromNow(-40) });
    await scene.sign(made.expired, { signingTime: daysFromNow(-2), expiry: daysFromNow(-1) });
    scene.stack.signer.revokeJob((await scene.sign(made.revoked)).jobArn);
    // Where `elsewhere` looks.
    await scene.sign({ ...made.other, repository: { ...made.other.repository, name: `${repository}-signatures` } });
    for (const one of IMAGES) images.set(`${repository} ${one}`, made[one]);
  }

  const identities = [scene.release.arn];
  const anywhere = { name: "release", repositories: ["*"], identities };
  const named = (repository: string) => `${scene.registry}/${repository}`;
  const statements: Record<(typeof STATEMENTS)[number], readonly object[]> = {
    release: [anywhere],
    "release and approval": [
      { name: "release", repositories: ["*"], require: [{ identities }, { identities: [approval.arn] }] },
    ],
    recent: [{ ...anywhere, maxAgeDays: 30 }],
    elsewhere: REPOSITORIES.map((repository, index) => ({
      name: `elsewhere-${index}`,
      repositories: [named(repository)],
      identities,
      signaturesFrom: named(`${repository}-signatures`),
    })),
    none: [{ ...anywhere, repositories: [named("team/another")] }],
    "other registry": [anywhere],
  };
  const documentOf = (statement: Choice["statement"], exemptions: readonly object[]) => ({
    registries: [statement === "other registry" ? "registry.example.com" : scene.registry],
    statements: statements[statement],
    exemptions,
  });
  const resolve = (document: object) => {
    const { account, region } = scene.stack.signer;
    return expandTrustDocument(parseTrustDocument(document, { expiredExemptions: "keep" }), { account, region });
  };
  const processes = new Map<Choice["statement"], Notation>();
  for (const statement of STATEMENTS) {
    const { notation } = await scene.startVerifiers({}, resolve(documentOf(statement, [])));
    processes.set(statement, notation);
  }

  return {
    task(choice, now) {
      const { statement, exemption: exempt } = choice;
      const imageOf = (of: Name) => images.get(choice[of].join(" ")) ?? assert.fail(choice[of].join(" "));
      const exemptions = exempt === undefined ? [] : [exemptionOf(imageOf(exempt.of), exempt, now)];
      const document = documentOf(statement, exemptions);
      return {
        containers: NAMES.map((one) => ({ name: one, image: imageOf(one) })),
        document,
        trust: resolve(document),
        notation: processes.get(statement) ?? assert.fail(statement),
        orders: choice.orders.map(({ of, kind }) => orderOf(kind, imageOf(of), now)),
        now,
      };
    },
  };
}

function exemptionOf({ reference }: SceneImage, { covers, ends: end }: NonNullable<Choice["exemption"]>, now: Date) {
  const [repository] = reference.split("@");
  const day = new Date(now.getTime() + ENDS[end] * 24 * HOUR_MS);
  return {
    image: covers === "digest" ? reference : repository,
    owner: "platform-team",
    reason: "vendor image",
    expires: day.toISOString().slice(0, 10),
  };
}

function orderOf(kind: (typeof ORDERS)[number], { descriptor: { digest } }: SceneImage, now: Date): PlayedOrder {
  const hours = (number: number) => new Date(now.getTime() + number * HOUR_MS).toISOString();
  const times =
    kind === "ended exemption" ? { from: hours(-2), until: hours(-1) } : { from: hours(-1), until: hours(1) };
  if (kind === "block") return block({ digest, from: times.from });
  if (kind === "unproven block") return { ...block({ digest, from: times.from }), isProven: false };
  return exemption({ digest, ...times });
}
