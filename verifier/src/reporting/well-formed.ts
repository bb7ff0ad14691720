/**
 * A value whose texts hold whole characters only. Others choose names and explanations, and cut ones may end in half of a
 * character; the SDK refuses to send such a text to SNS, and the message would be lost.
 */
export function toWellFormed<Value>(value: Value): Value {
  if (typeof value === "string") return value.toWellFormed() as Value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(toWellFormed) as Value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, toWellFormed(one)])) as Value;
}
