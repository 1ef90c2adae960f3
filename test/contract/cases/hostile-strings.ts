/** Texts that often break software. All of them are plain data. */
export const HOSTILE_TEXTS: readonly (readonly [kind: string, text: string])[] = [
  ["quotes", `O'Brien "the" ‘boss’`],
  ["a backslash at the end", "C:\\new\\"],
  ["an escaped quote", `\\' OR Name != '`],
  ["SQL", `' OR '1'='1`],
  ["SOQL", `x' OR Id != null OR Name LIKE '%`],
  ["SOSL", `{Ann} IN ALL FIELDS RETURNING User(Id)`],
  ["JSON", `","admin":true,"x":"`],
  ["an Odoo domain", `'), ('id', '>', 0), ('name', 'ilike', '`],
  ["wildcards", "%_*?"],
  ["a lone star", "*"],
  ["semicolons", "a;b;;c;"],
  ["tags", `<b onclick="x()">bold</b> & <i>more</i>`],
  ["a script", "<script>alert(1)</script>"],
  ["entities", "&lt;b&gt; &amp;amp; &nbsp;&#39;"],
  ["line breaks", "one\ntwo\n\nthree"],
  ["tabs and inner spaces", "a\tb  c"],
  ["emoji", "👩‍👩‍👧‍👦 🇩🇪 ✅"],
  ["right to left", "שלום עולם مرحبا"],
  ["combining marks", "e\u0301 ñ Å ﬁ"],
  ["a path", "../../etc/passwd?x=1&y=2#z"],
  ["a percent escape", "%27%22%00%0A"],
  ["a template", "${7*7} {{7*7}} #{7*7}"],
  ["words that are not text", "null"],
  ["false", "false"],
];

export const MEGABYTE = "0123456789abcdef".repeat(64 * 1024);
