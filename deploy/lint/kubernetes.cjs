// Validates Kubernetes objects, one JSON document a line on standard input, against the schemas that kubernetes-models ships.
// Arguments: the folder of node_modules.
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { readFileSync } = require('node:fs');

(async () => {
  let bad = 0;
  for (const line of readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
    const item = JSON.parse(line);
    const name = `${item.apiVersion} ${item.kind} ${item.metadata?.name}`;
    try {
      const file = join(process.argv[2], 'kubernetes-models', item.apiVersion, `${item.kind}.js`);
      const { [item.kind]: Model } = await import(pathToFileURL(file).href);
      new Model(item).validate();
    } catch (e) {
      bad++;
      console.log(`${name}: ${e.message}`);
    }
  }
  process.exitCode = bad === 0 ? 0 : 1;
})();
