#!/usr/bin/env node
// `npm start`: the command of a clone, as if dist/main.js had been called.
import { fileURLToPath } from 'node:url';
import './install.mjs';

const main = new URL('../dist/main.js', import.meta.url);
process.argv[1] = fileURLToPath(main);
await import(main.href);
