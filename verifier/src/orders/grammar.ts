/** An owner is shown in CloudTrail and in policies, so it has only characters that both accept. */
export const OWNER_PATTERN = /^[A-Za-z0-9][A-Za-z0-9 ._@/-]{0,63}$/;

/** One line of 1 to 500 characters. */
export const REASON_PATTERN = /^(?=.*\S)[^\p{C}\p{Zl}\p{Zp}]{1,500}$/u;

export const ID_PATTERN = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A repository with its registry. */
export const IMAGE_PATTERN = /^[A-Za-z0-9.:[\]_/-]{1,512}$/;
