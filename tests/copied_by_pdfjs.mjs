// Prints what pdf.js copies from a PDF: node copied_by_pdfjs.mjs PACKAGE FILE
import {readFileSync} from "node:fs";
import {pathToFileURL} from "node:url";

const [home, file] = process.argv.slice(2);
const {getDocument} = await import(pathToFileURL(`${home}/legacy/build/pdf.mjs`));
const pdf = await getDocument({
  data: new Uint8Array(readFileSync(file)),
  verbosity: 0,
  cMapUrl: `${home}/cmaps/`,
  cMapPacked: true,
  standardFontDataUrl: `${home}/standard_fonts/`,
}).promise;
let text = "";
for (let number = 1; number <= pdf.numPages; number++) {
  const page = await pdf.getPage(number);
  const {items} = await page.getTextContent();
  text += items.map((item) => item.str + (item.hasEOL ? "\n" : "")).join("") + "\n";
}
process.stdout.write(text);
