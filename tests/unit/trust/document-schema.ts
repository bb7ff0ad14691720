import Ajv from "ajv";
import { documentJsonSchema } from "../../../trust/document-json-schema";

// `strictRequired` and `strictTypes` are for schemas whose parts stand by themselves; conditions speak of the properties above.
const ajv = new Ajv({ strict: true, strictRequired: false, strictTypes: false, allErrors: true });
const validate = ajv.compile(JSON.parse(documentJsonSchema()));

/** What the JSON Schema of a trust document refuses in a value, once it has been JSON: such as `/registries/0 must be string`. */
export function refusedByDocumentSchema(value: unknown): string[] {
  validate(JSON.parse(JSON.stringify(value)));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
