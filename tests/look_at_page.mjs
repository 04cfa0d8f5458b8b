// Opens a page without network as readers do and prints what they see as JSON; prints it to a PDF.
// usage: node look_at_page.mjs MODULES CHROMIUM PAGE PDF
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [modules, executablePath, file, pdf] = process.argv.slice(2);
const require = createRequire(join(modules, 'x.js'));
const browser = await require('playwright-core').chromium.launch({ executablePath, args: ['--no-sandbox'] });
const views = {
  desk: { viewport: { width: 1440, height: 900 }, colorScheme: 'light', javaScriptEnabled: true },
  phone: { viewport: { width: 320, height: 640 }, colorScheme: 'light' },
  night: { viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
};
const seen = {};
for (const [name, view] of Object.entries(views)) {
  const context = await browser.newContext({ offline: true, ...view });
  const page = await context.newPage();
  const noise = [];
  page.on('request', (request) => { if (!/^(file|data):/.test(request.url())) noise.push(request.url()); });
  page.on('console', (message) => noise.push(message.text()));
  await page.goto(pathToFileURL(file).href);
  seen[name] = await page.evaluate(() => {
    const box = (selector) => {
      const found = document.querySelector(selector)?.getBoundingClientRect();
      return found ? { left: found.left, right: found.right, top: found.top, width: found.width, height: found.height } : null;
    };
    return {
      excess: document.documentElement.scrollWidth - window.innerWidth,
      contents: box('.contents details > ol'),
      main: box('main'),
      paper: getComputedStyle(document.documentElement).backgroundColor,
      ink: getComputedStyle(document.body).color,
      emphasis: getComputedStyle(document.querySelector('em') ?? document.body).fontStyle,
      faces: [...document.fonts].filter((face) => face.status === 'loaded').map((face) => `${face.family} ${face.weight}`),
      broken: [...document.fonts].filter((face) => face.status === 'error').length,
    };
  });
  seen[name].noise = noise;
  if (name === 'desk') await page.pdf({ path: pdf, preferCSSPageSize: true, printBackground: true });
  if (name === 'phone') {
    const height = () => page.evaluate(() => document.querySelector('.contents details').getBoundingClientRect().height);
    seen[name].folded = await height();
    await page.click('summary');
    seen[name].unfolded = await height();
  }
  await context.close();
}
await browser.close();
console.log(JSON.stringify(seen));
