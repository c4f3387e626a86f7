import type { ValidateFunction } from 'ajv';
import type { PrompdJson } from './manifest-type.js';

/** Made from prompd.schema.json by scripts/manifest-validator.mjs, as the last step of a build. */
export const validate: ValidateFunction<PrompdJson>;
/** The members that a manifest can have. */
export const fields: readonly string[];
