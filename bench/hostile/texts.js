/** Strings that programs commonly mistake for something else, or take long over. */
export const NASTY_TEXTS = [
  "",
  " ",
  "\0",
  "a\0b",
  // Lone surrogates are no text: UTF-8 and databases cannot hold them.
  "\ud800",
  "x\udfff\ud800y",
  // Right-to-left override, isolates, byte-order mark, joiners.
  "\u202Eabc\u2066def\u2069",
  "\uFEFF\u200d\u200b",
  "e\u0301".repeat(2_000),
  "😀".repeat(1_000),
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "then",
  "' OR 1=1 --",
  '"; DROP TABLE connections; --',
  "%00",
  "%",
  "_%_%",
  "*)(uid=*))(|(uid=*",
  "${7*7}{{7*7}}",
  "<script>alert(1)</script>",
  "../../../../etc/passwd",
  "..%2f..%2f",
  "http://169.254.169.254/latest/meta-data/",
  "file:///etc/passwd",
  "a\r\nX-Evil: 1",
  "\r\n\r\nGET / HTTP/1.1\r\n\r\n",
  "null",
  "undefined",
  "NaN",
  "Infinity",
  "-0",
  "1e400",
  "9".repeat(400),
  "[]",
  "{}",
  "2026-02-30T00:00:00Z",
  "0000-00-00T00:00:00Z",
  "+275760-09-13T00:00:00.001Z",
  // What makes careless regular expressions try every way.
  "a".repeat(20_000) + "!",
  "a@".repeat(5_000),
  "@".repeat(5_000),
  "(".repeat(5_000),
  "1 ".repeat(10_000),
  " ".repeat(50_000) + "x",
  "\n".repeat(50_000) + "x",
  "<".repeat(50_000),
];

export const MEGABYTE_TEXT = "x".repeat(2 ** 20);

/** Property names that reach into JavaScript's own objects. */
export const PROTOTYPE_KEYS = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "then", "toJSON"];

/** An object with these as its own properties, which JavaScript's literals cannot write. */
export function prototypeObject(value) {
  return JSON.parse(`{${PROTOTYPE_KEYS.map((key) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(",")}}`);
}

/** Values of every JSON kind and of every size. */
export const NASTY_VALUES = [
  null,
  true,
  false,
  0,
  -1,
  0.1,
  1e308,
  -1e308,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  [],
  {},
  [[]],
  [null],
  [{}],
  { a: { b: { c: [] } } },
  [1, "2", null, { three: 3 }],
  prototypeObject({ isAdmin: true }),
];

/** Any string or value, nasty or plain. */
export function nastyText(random) {
  return random.chance(0.01) ? MEGABYTE_TEXT : random.chance(0.1) ? random.word() : random.pick(NASTY_TEXTS);
}

export function nastyValue(random) {
  return random.chance(0.6) ? nastyText(random) : random.pick(NASTY_VALUES);
}
