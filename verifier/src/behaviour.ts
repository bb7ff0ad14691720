/** The maximum time of a break-glass exemption that an environment can allow, in hours. */
export const LONGEST_EXEMPTION_HOURS = 72;

/** How the verifier behaves, without the trust document. docs/configuration.md explains each setting. */
export interface Behaviour {
  /** Name of the environment, as records show it. */
  environment: string;
  /** `audit` records; `enforce` also stops. */
  mode: "audit" | "enforce";
  /** How a final inconclusive verdict is handled: with an alert only, or like a denial. Default: `alert`. */
  onInconclusive: "alert" | "deny";
  /**
   * Age of an event, in seconds, from which an inconclusive verdict is final and the verifier no longer waits for ECR's
   * managed signing: 0 to 180. Lambda's last attempt comes 180 seconds after the first: with a larger value, events would
   * end in the failure queue before `onInconclusive` applies. Default: 150.
   */
  giveUpAfterSeconds: number;
  /**
   * How long a trusted verdict is kept, in seconds, 0 to 3600: the longest time for which a revocation can go unnoticed.
   * Default: 300.
   */
  verdictTtlSeconds: number;
  /** Time limit of one verification, in seconds: 1 to 300. Default: 20. */
  verificationTimeoutSeconds: number;
  /** The maximum number of signatures tried per image: 1 to 1000. Default: 50. */
  maxSignatures: number;
  /**
   * The maximum number of tasks stopped in a cluster within ten minutes, 0 to 10,000. One task definition family may use at
   * most half of it, rounded up. Further stops wait for the next ten minutes. With 0 there are alerts only. Default: 20.
   */
  stopBudget: number;
  /** How long the ledger keeps its entries, in days: 1 to 3650. Default: 30. */
  ledgerDays: number;
  /** How long an order of the moment may exempt an image, in hours, 0 to 72. 0: such exemptions are ignored. Default: 8. */
  exemptionHours: number;
}

/** The same as a user writes it: settings with a default are optional. */
export type BehaviourArgs = Pick<Behaviour, "environment" | "mode"> & {
  [Setting in Exclude<keyof Behaviour, "environment" | "mode">]?: Behaviour[Setting] | undefined;
};
