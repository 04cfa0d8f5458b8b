// Opens a book in two reading systems, foliate-js and epub.js, in Chromium, and prints what they show as JSON.
// usage: node read_book.mjs MODULES CHROMIUM BOOK [SCREENSHOTS]
// Each is seen at the sizes of a phone, an e-ink reader and a tablet, by day and by night.
import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

const [modules, executablePath, book, shots] = process.argv.slice(2);
const require = createRequire(join(modules, 'x.js'));
const types = { '.js': 'text/javascript', '.html': 'text/html', '.epub': 'application/epub+zip' };
const pages = {
  '/foliate.html': '<style>html,body{margin:0;height:100%}foliate-view{display:block;width:100vw;height:100vh}</style><body>',
  '/epubjs.html': '<script src="/jszip/dist/jszip.min.js"></script><script src="/epubjs/dist/epub.min.js"></script>'
    + '<style>html,body,#v{margin:0;width:100vw;height:100vh}</style><div id="v"></div>',
};
const server = createServer((request, response) => {
  const path = new URL(request.url, 'http://x').pathname;
  const file = path === '/book.epub' ? book : join(modules, path);
  if (pages[path]) return response.writeHead(200, { 'content-type': 'text/html' }).end('<!DOCTYPE html><meta charset="utf-8">' + pages[path]);
  if (!existsSync(file)) return response.writeHead(404).end();
  return response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(readFileSync(file));
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const home = `http://127.0.0.1:${server.address().port}`;
const sizes = { phone: [390, 844, 2], eink: [600, 800, 1.5], tablet: [820, 1180, 1] };
const NIGHT = 'html{color-scheme:dark;background:#000}html,body{color:#ccc!important;background:#000!important}';

const foliate = {
  open: async (night) => {
    await import('/foliate-js/view.js');
    const file = new File([await (await fetch('/book.epub')).blob()], 'book.epub');
    const view = document.createElement('foliate-view');
    document.body.append(view);
    await view.open(file);
    globalThis.view = view;
    for (const [name, value] of [['flow', 'paginated'], ['max-column-count', '1'], ['margin', '28px'], ['gap', '8%']]) view.renderer.setAttribute(name, value);
    view.renderer.setStyles?.(night ? night : 'html{color-scheme:light}');
    await view.renderer.next();
    const flat = (items) => (items ?? []).flatMap((item) => [item.label.trim(), ...flat(item.subitems)]);
    const texts = [];
    for (const section of view.book.sections) texts.push((await section.createDocument()).body.textContent);
    return { toc: flat(view.book.toc), pages: (view.book.pageList ?? []).map((item) => item.label.trim()), texts };
  },
  go: async (number) => { await globalThis.view.goTo(number); await new Promise((done) => setTimeout(done, 400)); },
};
const epubjs = {
  open: async (night) => {
    const book = ePub(await (await fetch('/book.epub')).arrayBuffer());
    const rendition = book.renderTo('v', { width: innerWidth, height: innerHeight, flow: 'paginated', spread: 'none' });
    if (night) rendition.themes.default({ html: { background: '#000' }, body: { background: '#000', color: '#ccc !important' } });
    await rendition.display();
    Object.assign(globalThis, { book, rendition });
    const flat = (items) => items.flatMap((item) => [item.label.trim(), ...flat(item.subitems)]);
    const navigation = await book.loaded.navigation, list = await book.loaded.pageList;
    const texts = [];
    for (const item of book.spine.spineItems) { await item.load(book.load.bind(book)); texts.push(item.document.body.textContent); }
    return { toc: flat(navigation.toc), pages: (list?.pageList ?? []).map((item) => String(item.page)), texts };
  },
  go: async (number) => { await globalThis.rendition.display(number); await new Promise((done) => setTimeout(done, 400)); },
};

// The faces with which Chromium really draws a page: [family, brought by the book or not].
async function faces(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('DOM.enable');
  await session.send('CSS.enable');
  const found = new Map();
  const { root } = await session.send('DOM.getDocument', { depth: -1, pierce: true });
  const waiting = [root];
  while (waiting.length) {
    const node = waiting.pop();
    waiting.push(...(node.children ?? []), ...(node.shadowRoots ?? []), ...(node.contentDocument ? [node.contentDocument] : []));
    if (node.nodeType !== 1 || !['P', 'H1', 'H2', 'H3', 'DT', 'DD', 'LI', 'TD'].includes(node.nodeName.toUpperCase())) continue;
    const { fonts } = await session.send('CSS.getPlatformFontsForNode', { nodeId: node.nodeId });
    for (const font of fonts) found.set(`${font.familyName} ${font.isCustomFont}`, [font.familyName, font.isCustomFont]);
  }
  return [...found.values()];
}

const browser = await require('playwright-core').chromium.launch({ executablePath, args: ['--no-sandbox'] });
const seen = [];
for (const [engine, { open, go }] of Object.entries({ foliate, epubjs })) {
  for (const [size, [width, height, deviceScaleFactor]] of Object.entries(sizes)) {
    for (const night of ['', NIGHT]) {
      const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor, colorScheme: night ? 'dark' : 'light' });
      const outside = [], errors = [];
      await context.route('**/*', (route) => {
        const url = route.request().url();
        if (url.startsWith(home) || /^(blob|data):/.test(url)) return route.continue();
        outside.push(url);
        return route.abort();
      });
      const page = await context.newPage();
      page.on('pageerror', (error) => errors.push(error.message));
      await page.goto(`${home}/${engine}.html`);
      const view = await page.evaluate(open, night);
      const drawn = new Map();
      for (let number = 0; number < Math.min(view.texts.length, 5); number += 1) {
        await page.evaluate(go, number);
        for (const [name, own] of await faces(page)) drawn.set(name, own);
        if (shots) await page.screenshot({ path: join(shots, `${engine}-${size}${night ? '-night' : ''}-${number}.png`) });
      }
      seen.push({ engine, size, night: Boolean(night), ...view, outside, errors, faces: [...drawn] });
      await context.close();
    }
  }
}
await browser.close();
server.close();
console.log(JSON.stringify(seen));
