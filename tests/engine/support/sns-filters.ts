import { startBeforeMoto } from "./before-moto";
import { isRecord } from "./properties";

/** SNS before moto, whose filter policies work as AWS documents them. */
export interface SnsFilters {
  /** URL for `AWS_ENDPOINT_URL_SNS`. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * moto 5.2.5 reads the values of a filter policy in their order and gives up at the first text where the message lacks the attribute
 * (`_field_match` of moto/sns/utils.py); AWS documents "any of them". Here `{"exists": false}` and the like come first.
 *
 * @param moto `127.0.0.1:PORT`
 */
export async function startSnsFilters(moto: string): Promise<SnsFilters> {
  const { address, close } = await startBeforeMoto(moto, (call) => ({
    ...call,
    body: reordered(new URLSearchParams(call.body)).toString(),
  }));
  return { url: `http://${address}`, close };
}

function reordered(form: URLSearchParams): URLSearchParams {
  const fields = [...form].map(([name, value]): [string, string] => [
    name,
    isFilterPolicy(form, name) ? objectsFirst(value) : value,
  ]);
  return new URLSearchParams(fields);
}

/** In the query protocol the entries of a map are pairs: `Attributes.entry.1.key` and `Attributes.entry.1.value`. */
function isFilterPolicy(form: URLSearchParams, name: string): boolean {
  return name.endsWith(".value") && form.get(name.replace(/\.value$/, ".key")) === "FilterPolicy";
}

function objectsFirst(policy: string): string {
  const parsed: Readonly<Record<string, readonly unknown[]>> = JSON.parse(policy);
  const sorted = Object.entries(parsed).map(([key, values]) => [
    key,
    [...values.filter(isRecord), ...values.filter((value) => !isRecord(value))],
  ]);
  return JSON.stringify(Object.fromEntries(sorted));
}
