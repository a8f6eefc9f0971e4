import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';

const file = join(import.meta.dirname, '../../../docs/closewait.run-1.schema.json');
// `contentEncoding` and friends annotate only.
const validate = new Ajv2020({ strict: true, allErrors: true, formats: {} }).compile(
  JSON.parse(readFileSync(file, 'utf8')) as object,
);

/** What the published schema has against a result; none: it holds. */
export function schemaErrors(result: unknown): string[] {
  if (validate(result)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
