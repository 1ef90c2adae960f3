import { describeContract } from "../contract-suite.js";
import { subjectOf } from "../subjects.js";
import { Ledger } from "./ledger.js";
import { openLiveCrm } from "./live-crm.js";
import { seedsOf } from "./seeds.js";
import { liveSettings } from "./settings.js";

/** `main.ts` runs this file, and removes what it makes. */
const { CRMESH_LIVE_RUN_SLUG: slug = "", CRMESH_LIVE_RUN_LEDGER: file = "" } = process.env;

const subject = await subjectOf(slug);
const settings = liveSettings(subject.provider, process.env);
const ledger = Ledger.open(file);
const crm = await openLiveCrm({ subject, settings, ledger, seeds: await seedsOf(subject) });

describeContract(subject, crm);
