import { json } from "node:stream/consumers";
import { FixableError } from "../../trust/text/fixable-error";
import { judgeBaseImage } from "./base-image-verdict";
import type { BaseImageAnswer, TrustedBase } from "./trusted-base";

// Verifies the base image that standard input names, and prints the verdict or why there is none: trusted-base.ts.
async function answer(): Promise<BaseImageAnswer> {
  try {
    const { status, code, detail } = await judgeBaseImage((await json(process.stdin)) as TrustedBase, process.env);
    return { verdict: { status, code, detail } };
  } catch (error) {
    // Of any other error the stack is worth seeing: it goes to standard error.
    if (error instanceof FixableError) return { problem: error.message };
    throw error;
  }
}

void answer().then((given) => process.stdout.write(JSON.stringify(given)));
