import { describe, expect, test } from "@jest/globals";
import { htmlToText, textToHtml } from "../../src/providers/mapping/html-text.js";
import { HOSTILE_TEXTS } from "./cases/hostile-strings.js";

describe("the text of a rich-text field", () => {
  test.each(HOSTILE_TEXTS)("%s is written as HTML and read back unchanged", (_kind, text) => {
    const html = textToHtml(text);
    expect(html.replaceAll("<br>", "")).not.toMatch(/[<>]/);
    expect(htmlToText(html)).toBe(text);
    // CRMs put a paragraph around a written text.
    expect(htmlToText(`<p>${html}</p>`)).toBe(text);
  });

  test.each([
    ["a\r\nb\rc", "a<br>b<br>c"],
    ["  two  spaces ", "  two  spaces "],
  ])("%j becomes %j", (text, html) => {
    expect(textToHtml(text)).toBe(html);
  });

  test.each([
    ["", null],
    ["<p></p>", null],
    ["<p><br></p>", null],
    ["<p>one</p><p>two</p>", "one\n\ntwo"],
    ["<div>It&#8217;s <b>bold</b> &amp; <i>fine</i></div>", "It’s bold & fine"],
    ["It&#8217;s caf&eacute;", "It’s café"],
    ["a&nbsp;b &#39;c&#x27;", "a b 'c'"],
    ["&amp;lt;b&amp;gt;", "&lt;b&gt;"],
    ["<ul><li>one</li><li>two</li></ul>", "- one\n- two"],
    ['<a href="https://example.com/x">here</a>', "here <https://example.com/x>"],
    ['<a href="https://example.com/x">https://example.com/x</a>', "https://example.com/x"],
    ['<p>Ask <a href="mailto:ann@example.com">Ann</a></p>', "Ask Ann <ann@example.com>"],
    ['<a href="javascript:alert(1)">here</a> and <a href="#top">there</a>', "here and there"],
    ["Ann <ann@example.com>", "Ann <ann@example.com>"],
    ["<p>Ann <ann@example.com><br>two</p>", "Ann <ann@example.com>\ntwo"],
    ["<div>Join: words<https://meet.example.com/1?a=b></div>", "Join: words<https://meet.example.com/1?a=b>"],
    ["<b>1 < 2</b> and 3 > 2", "1 < 2 and 3 > 2"],
    ["<div>one</div><div>two<br>three</div>", "one\ntwo\nthree"],
    ["<h1>Title</h1><p>text</p>", "Title\n\ntext"],
    ["<table><tr><th>Name</th><th>Age</th></tr><tr><td>Ann</td><td>5</td></tr></table>", "Name   Age\nAnn    5"],
    ['<img src="https://example.com/x.png"> text', "text"],
    ["<script>alert(1)</script>text", "text"],
    ["<style>p{}</style>text", "text"],
    ["a<br/>b<BR />c", "a\nb\nc"],
  ])("%j reads as %j", (html, text) => {
    expect(htmlToText(html)).toBe(text);
  });
});
