// Looks at a page as the order on standard input says, and prints what was found as JSON.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const folder = process.argv[2];
const require = createRequire(join(folder, "package.json"));
const load = async (name) => (await import(pathToFileURL(require.resolve(name)))).default;
const [chromium, puppeteer] = await Promise.all(["@sparticuz/chromium", "puppeteer-core"].map(load));

const order = JSON.parse(readFileSync(0, "utf8"));
const browser = await puppeteer.launch({
  args: chromium.args,
  executablePath: join(folder, "chromium"),
  headless: "shell",
});
const found = [];
try {
  for (const { width, height, colours, at, keys, answers, picture, whole } of order.looks) {
    const page = await browser.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("requestfailed", (request) => errors.push(`not loaded: ${request.url()}`));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    await page.setViewport({ width, height });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: colours }]);
    await page.goto(new URL(at, order.page).href);
    for (const key of keys) await page.keyboard.press(key);
    const facts = {};
    for (const [name, expression] of Object.entries(answers ?? {})) {
      facts[name] = await page.evaluate(expression);
    }
    if (picture) await page.screenshot({ path: picture, fullPage: whole });
    found.push({ ...facts, errors });
    await page.close();
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify(found));
