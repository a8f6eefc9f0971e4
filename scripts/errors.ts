// `npm run docs:errors` writes docs/errors.md from the error table.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { ERRORS } from '#core';

export const ERRORS_PAGE = join(import.meta.dirname, '../docs/errors.md');

/** docs/errors.md as the error table has it. */
export async function errorsPage(): Promise<string> {
  const entries = Object.entries(ERRORS).sort(([a], [b]) => a.localeCompare(b, 'en'));
  const sections = entries.map(
    ([code, { cause, remedy }]) => `## ${code}\n\n**Cause.** ${cause}\n\n**What to do.** ${remedy}\n`,
  );
  const page = `# Errors

Every error that closewait raises on purpose has a code. \`npm run docs:errors\` writes this page from the table in
\`harness/core/errors.ts\`. An error without a code is a bug in closewait (exit code 70): please report it.

${sections.join('\n')}`;
  return format(page, { parser: 'markdown' });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(ERRORS_PAGE, await errorsPage());
