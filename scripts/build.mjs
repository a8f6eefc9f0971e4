#!/usr/bin/env node
// `npm run build`, and `prepare` with --if-possible: npm ci --omit=dev prepares too, and has no compiler.
import { fileURLToPath } from 'node:url';
import { build, hasCompiler } from './compile.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

if (hasCompiler(root)) {
  process.exitCode = build(root);
} else {
  console.error('dist/ is not built: the compiler is a dev dependency and is not installed');
  process.exitCode = process.argv.includes('--if-possible') ? 0 : 1;
}
