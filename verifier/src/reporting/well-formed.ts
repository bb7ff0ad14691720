/**
 * A value whose texts contain whole characters only. Others choose names and explanations, and shortened ones may end
 * with half of a character. The SDK refuses to send such a text to SNS, and the message would be lost.
 */
export function toWellFormed<Value>(value: Value): Value {
  if (typeof value === "string") return value.toWellFormed() as Value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(toWellFormed) as Value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, toWellFormed(one)])) as Value;
}
