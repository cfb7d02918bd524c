// Puts a compressed twin beside each file of the built page, and says what the page weighs.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, gzipSync } from 'node:zlib';

function* files(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path);
    else yield path;
  }
}

let bytes = 0;
for (const path of [...files(process.argv[2])]) {
  if (path.endsWith('.gz') || path.endsWith('.png')) continue;
  const packed = gzipSync(readFileSync(path), { level: constants.Z_BEST_COMPRESSION });
  writeFileSync(`${path}.gz`, packed);
  bytes += packed.length;
}
console.log(`console: ${(bytes / 1000).toFixed(0)} kB compressed`);
