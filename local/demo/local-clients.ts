import type { LocalAws } from "../aws";

/** Options of AWS clients that call the stand-in, whatever the machine's own AWS configuration says. */
export function localClientOptions({ url }: Pick<LocalAws, "url">, region: string) {
  return {
    endpoint: url,
    region,
    credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "made-up-for-the-stand-in" },
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
  };
}
