import { describeContract } from "./contract-suite.js";
import { twenty2Subject } from "./twenty/subject.js";

describeContract(twenty2Subject);
