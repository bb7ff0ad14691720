import Ajv from "ajv";
import { stackJsonSchema } from "../../../configuration/stack-json-schema";

const ajv = new Ajv({ strict: true, strictRequired: false, strictTypes: false, allErrors: true });
const validate = ajv.compile(JSON.parse(stackJsonSchema()));

/** What the JSON Schema of a stack's file refuses in a value, once it has been JSON. */
export function refusedByStackSchema(value: unknown): string[] {
  validate(JSON.parse(JSON.stringify(value)));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
