// Builds what the pages are dressed in: `dist/` with each file as it is, as .br and as .gz, and
// `dist/manifest.txt` with a line for each (name, hash, type). Run by `cargo xtask assets`.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { bundleAsync } from 'lightningcss';
import { followSystem } from './scheme.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const sources = join(here, '../assets');
const modules = join(here, 'node_modules');
const dist = join(here, '../dist');

// Browsers of the last years, and the one inside WeChat on older phones (Chrome 100 or so).
const TARGETS = {
  'buyer.css': { chrome: 100 << 16, safari: (15 << 16) | (4 << 8), firefox: 102 << 16 },
  'policy.css': { chrome: 100 << 16, safari: (15 << 16) | (4 << 8), firefox: 102 << 16 },
  // Tabler itself asks for as much.
  'desk.css': { chrome: 123 << 16, safari: (17 << 16) | (5 << 8), firefox: 128 << 16 },
};
const SCRIPT_TARGETS = ['chrome100', 'safari15.4', 'firefox102'];

const STYLES = ['buyer.css', 'desk.css', 'policy.css'];
const SCRIPTS = ['buyer.js', 'desk.js', 'charts.js', 'case.js', 'embed.js'];
const PICTURES = ['icon.svg'];
const KINDS = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

async function style(name) {
  const { code } = await bundleAsync({
    filename: join(sources, name),
    minify: true,
    targets: TARGETS[name],
    errorRecovery: true,
    resolver: {
      read: (path) => followSystem(readFileSync(path, 'utf8'), path),
      resolve: (what, from) =>
        what.startsWith('.') ? join(dirname(from), what) : join(modules, what),
    },
  });
  const text = Buffer.from(code).toString();
  refuseForeign(name, text);
  return text;
}

async function script(name) {
  const { outputFiles } = await build({
    entryPoints: [join(sources, name)],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    charset: 'utf8',
    legalComments: 'none',
    nodePaths: [modules],
    target: SCRIPT_TARGETS,
    logLevel: 'warning',
  });
  return outputFiles[0].text;
}

// Nothing may be fetched from elsewhere: a page says nothing to third parties.
function refuseForeign(name, text) {
  const kinds = [/@import/, /url\((?!\s*["']?(?:data:|%23|#)).{0,60}/];
  const foreign = kinds.map((kind) => kind.exec(text));
  for (const found of foreign.filter(Boolean)) {
    throw new Error(`${name} asks for something from elsewhere: ${found[0]}`);
  }
}

const hashOf = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

// An unchanged file keeps its time, so that cargo has nothing to do.
function write(name, bytes) {
  const path = join(dist, name);
  try {
    if (readFileSync(path).equals(bytes)) return;
  } catch {
    // Not there yet.
  }
  writeFileSync(path, bytes);
}

function put(name, text) {
  const bytes = Buffer.from(text);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 };
  const br = brotliCompressSync(bytes, { params });
  write(name, bytes);
  write(`${name}.br`, br);
  write(`${name}.gz`, gzipSync(bytes, { level: 9 }));
  console.log(`${name.padEnd(12)} ${kilobytes(bytes)} as it is, ${kilobytes(br)} as br`);
  return `${name} ${hashOf(bytes)} ${KINDS[name.split('.').pop()]}`;
}

const kilobytes = (bytes) => `${(bytes.length / 1000).toFixed(1)} kB`.padStart(9);

mkdirSync(dist, { recursive: true });
const made = await Promise.all([
  ...STYLES.map(async (name) => [name, await style(name)]),
  ...SCRIPTS.map(async (name) => [name, await script(name)]),
  ...PICTURES.map(async (name) => [name, readFileSync(join(sources, name))]),
]);
const lines = made.map(([name, text]) => put(name, text)).sort();
write('manifest.txt', Buffer.from(`${lines.join('\n')}\n`));
const kept = new Set(['manifest.txt', ...made.flatMap(([name]) => [name, `${name}.br`, `${name}.gz`])]);
for (const name of readdirSync(dist)) {
  if (!kept.has(name) && name !== 'stamp') rmSync(join(dist, name));
}
