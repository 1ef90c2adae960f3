"use strict";
/*
 * Runs before `npm start`, `npm run build` and `npm test`. Usually they have Node.js 24 from node_modules, which the install
 * script of the package `node` puts there. After `npm ci --ignore-scripts` it is missing, and they run on the Node.js of the
 * machine. This file is written for any Node.js, so that each refuses itself with a sentence and not with a syntax error.
 */
var oldest = require("../package.json").engines.node.replace(">=", "");
var running = process.versions.node;
var needed = oldest.split(".").map(Number);
var found = running.split(".").map(Number);

if (found[0] < needed[0] || (found[0] === needed[0] && found[1] < needed[1])) {
  process.stderr.write(
    "crmesh needs Node.js " +
      oldest +
      " or later, but this is Node.js " +
      running +
      ". `npm ci` brings one along, unless it runs with --ignore-scripts.\n",
  );
  process.exitCode = 1;
}
