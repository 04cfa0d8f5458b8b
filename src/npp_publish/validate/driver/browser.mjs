// One Node process for the judges that need a browser: axe-core and Ace by DAISY.
//
// usage: node browser.mjs DOCKET, a JSON file {modules, chromium, sandbox, scratch, cases: [{judge, path, sample}]}.
// `sample` is a smaller file that stands for a large one, or empty.
// One line of JSON is printed for each file: {judge, path, findings: [...], seconds, failure}.
// Pages are opened without network, and every request that leaves the page is a finding.
import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const docket = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const require = createRequire(join(docket.modules, 'x.js'));
const tell = (verdict) => process.stdout.write(JSON.stringify(verdict) + '\n');

// What a reader may have: a desk screen, a phone at its narrowest (WCAG 2.2, 1.4.10: 320 px), a phone at night.
// All rules are heard once; in the other views only those that size and colours can change.
const ON_A_PHONE = ['color-contrast', 'target-size', 'link-in-text-block', 'scrollable-region-focusable', 'region', 'skip-link'];
const VIEWS = [
  { name: 'wide', viewport: { width: 1440, height: 900 }, colorScheme: 'light', rules: null },
  { name: 'phone', viewport: { width: 320, height: 640 }, colorScheme: 'light', rules: ON_A_PHONE },
  { name: 'night', viewport: { width: 390, height: 844 }, colorScheme: 'dark', rules: ['color-contrast', 'link-in-text-block'] },
];

async function axe(browser, path, sample, source) {
  const findings = new Map();
  for (const view of VIEWS) {
    const context = await browser.newContext({ offline: true, viewport: view.viewport, colorScheme: view.colorScheme });
    const page = await context.newPage();
    const home = pathToFileURL(path).href;
    page.on('request', (request) => {
      const url = request.url().split('#')[0];
      if (url !== home && !url.startsWith('data:')) {
        note(findings, view, { code: 'request', impact: 'critical', message: `asks for ${url}`, inside: '' });
      }
    });
    page.on('console', (message) => {
      if (message.type() === 'error') {
        note(findings, view, { code: 'console', impact: 'serious', message: message.text(), inside: '' });
      }
    });
    await page.goto(home, { waitUntil: 'load', timeout: 120000 });
    const excess = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (excess > 0) {
      note(findings, view, { code: 'reflow', impact: 'serious', message: `wider than the window by ${excess} px`, inside: '' });
    }
    const judged = sample ? await context.newPage() : page;
    if (sample) {
      await page.close();
      await judged.goto(pathToFileURL(sample).href, { waitUntil: 'load', timeout: 120000 });
    }
    await judged.evaluate(source);
    const result = await judged.evaluate((rules) => axe.run(document, {
      resultTypes: ['violations'],
      ...(rules ? { runOnly: { type: 'rule', values: rules } } : {}),
    }), view.rules);
    for (const violation of result.violations) {
      const places = violation.nodes.map((node) => node.target.join(' '));
      note(findings, view, {
        code: violation.id, impact: violation.impact, message: violation.help,
        inside: places.slice(0, 3).join(', '), hint: violation.helpUrl,
        shot: await shot(judged, violation.nodes[0]?.target[0]),
      });
    }
    await context.close();
  }
  return [...findings.values()];
}

// What the browser shows at a place, with some room around it; nothing where that cannot be said.
async function shot(page, selector) {
  try {
    const element = page.locator(selector).first();
    await element.scrollIntoViewIfNeeded({ timeout: 2000 });
    const box = await element.boundingBox({ timeout: 2000 });
    const { width, height } = page.viewportSize();
    const x = Math.max(0, box.x - 40), y = Math.max(0, box.y - 40);
    const clip = { x, y, width: Math.min(width - x, box.width + 80), height: Math.min(height - y, box.height + 80, 400) };
    return `data:image/png;base64,${(await page.screenshot({ clip, timeout: 5000 })).toString('base64')}`;
  } catch {
    return '';
  }
}

// The same finding in several views is one finding that names the views.
function note(findings, view, finding) {
  const key = [finding.code, finding.message, finding.inside].join('|');
  const known = findings.get(key);
  if (known) {
    if (!known.views.includes(view.name)) known.views.push(view.name);
  } else {
    findings.set(key, { ...finding, views: [view.name] });
  }
}

async function ace(path) {
  const check = require('@daisy/ace-core');
  const runner = require('@daisy/ace-axe-runner-puppeteer');
  const outdir = mkdtempSync(join(docket.scratch, 'ace-'));
  const options = { cwd: docket.scratch, outdir, verbose: false, silent: true, initLogger: true, fileName: 'ace.log', jobid: '' };
  const [, report] = await check(path, options, runner);
  const findings = [];
  for (const part of report.assertions ?? []) {
    for (const assertion of part.assertions ?? []) {
      findings.push({
        code: assertion['earl:test']['dct:title'],
        impact: assertion['earl:test']['earl:impact'],
        message: assertion['earl:result']['dct:description'],
        inside: part['earl:testSubject']?.url ?? '',
        hint: assertion['earl:test']['help']?.url ?? '',
        views: [],
      });
    }
  }
  return findings;
}

async function hear({ judge, path }, judgement) {
  const start = process.hrtime.bigint();
  const verdict = { judge, path, findings: [], failure: '' };
  try {
    verdict.findings = await judgement();
  } catch (problem) {
    verdict.failure = String(problem?.message ?? problem);
  }
  verdict.seconds = Number(process.hrtime.bigint() - start) / 1e9;
  tell(verdict);
}

async function pages(cases) {
  if (!cases.length) return;
  const source = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
  const args = docket.sandbox ? [] : ['--no-sandbox'];
  const browser = await require('playwright-core').chromium.launch({ executablePath: docket.chromium, args });
  for (const one of cases) await hear(one, () => axe(browser, one.path, one.sample, source));
  await browser.close();
}

async function books(cases) {
  for (const one of cases) await hear(one, () => ace(one.sample || one.path));
}

const of = (name) => docket.cases.filter((one) => one.judge === name);
await Promise.all([pages(of('axe')), books(of('ace'))]);
process.exit(0);
