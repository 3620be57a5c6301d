// price_grid/amounts.js: amounts as people type them, and as they are shown.

const digits = Number(words.digits ?? 2);
const unit = 10 ** digits;
const MOST = 1_000_000 * unit;

// A number of the smallest unit; null for no price, undefined for what is no amount. The server reads the same way.
function read(typed) {
  let text = typed.replace(/[\s\u00a0\u202f\u2009']/g, "");
  if (/^[-\u2013\u2014]?$/.test(text)) return null;
  for (let i = 0; i < 2; i += 1) text = text.replace(/^(?:[A-Z]{3}|[€$£¥]|zł)|(?:[A-Z]{3}|[€$£¥]|zł)$/, "");
  const points = text.match(/[.,]/g) ?? [];
  if (new Set(points).size === 2) {
    const point = points.at(-1);
    if (points.filter((each) => each === point).length > 1) return undefined;
    text = text.replaceAll(point === "." ? "," : ".", "").replace(point, ".");
  } else if (points.length === 1) {
    const tail = text.split(points[0])[1];
    if (tail.length === 3 && digits !== 3) return undefined;
    text = text.replace(",", ".");
  } else if (points.length > 1) return undefined;
  if (!/^[0-9]{1,12}(?:\.[0-9]{1,4})?$/.test(text)) return undefined;
  const [whole, rest = ""] = text.split(".");
  if (/[1-9]/.test(rest.slice(digits))) return undefined;
  const minor = Number(whole) * unit + Number(rest.slice(0, digits).padEnd(digits, "0") || 0);
  return minor > MOST ? undefined : minor;
}

function write(minor) {
  if (minor === null) return "";
  const size = Math.abs(minor);
  const text = digits ? `${Math.floor(size / unit)}${words.point}${String(size % unit).padStart(digits, "0")}` : String(size);
  return (minor < 0 ? "\u2212" : "") + text;
}

const vat = Math.round(Number(words.vat ?? 0) * 1000);
function netOf(minor) {
  if (words.amounts === "net") return minor;
  return Math.floor((2 * minor * 100_000 + (100_000 + vat)) / (2 * (100_000 + vat)));
}
