// Unpacks the browser into the folder for temporary files, and its fonts with it.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(join(process.argv[2], "package.json"));
const { default: chromium } = await import(pathToFileURL(require.resolve("@sparticuz/chromium")));
console.log(await chromium.executablePath());
